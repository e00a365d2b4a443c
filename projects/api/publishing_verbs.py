"""Publishing and hiding over the API, the same for everything that staff publish."""

from agencies.api.keeping import Verb
from projects.rules import publishing

PUBLISHING = (
    Verb("publish", publishing.publish, "Publish", "OPDC staff show it to the public."),
    Verb("hide", publishing.hide, "Hide", "OPDC staff take it off the public pages; nothing is lost."),
)
