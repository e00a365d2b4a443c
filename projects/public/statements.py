"""What the portal owes its readers in plain words: privacy, accessibility, terms of use, whom to ask."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor


@dataclass(frozen=True)
class Part:
    """A part of a page: its heading, what it says, and beside each other what and how long, or what and how."""

    heading: Any
    says: tuple[Any, ...]
    pairs: tuple[tuple[Any, Any], ...] = ()


class Statement(PublicDoor):
    """A page of words."""

    title: Any = ""
    lede: Any = ""
    parts: tuple[Part, ...] = ()
    asks = True
    """Whether it ends with whom to ask."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        context = {
            "title": self.title,
            "lede": self.lede,
            "parts": self.parts,
            "asks": self.asks,
            "email": settings.CONTACT_EMAIL,
            "phone": settings.CONTACT_PHONE,
        }
        return render(request, "public/statements/page.html", context)


class Privacy(Statement):
    """What is kept of people, why, how long, and what they may ask for (PDPA)."""

    title = _("Privacy notice")
    lede = _(
        "You read everything here without an account, without a cookie, and without anybody noting who you are. "
        "This page says what is kept when you write to us, as the Personal Data Protection Act B.E. 2562 asks."
    )
    parts = (
        Part(
            _("Who is responsible"),
            (
                _("The Office of the Public Sector Development Commission (OPDC) decides what is kept here, and why."),
                _("It keeps no more than the work of GovLab needs, sells nothing, and hands nothing to advertisers."),
            ),
        ),
        Part(
            _("What is kept, and how long"),
            (),
            (
                (
                    _("What you answer when a project asks the public"),
                    _("As long as the project is documented here. It is shown only after somebody has read it."),
                ),
                (
                    _("How you can be reached, if you said so"),
                    _(
                        "Only the project's team and OPDC staff see it, of a proposed innovation only OPDC staff. "
                        "It is deleted 90 days after the call ends or the proposal was decided on, "
                        "and after a year where no decision was made."
                    ),
                ),
                (
                    _("The innovation that you propose"),
                    _(
                        "Only OPDC staff see the proposal. It is kept beside the library; what they take from it into "
                        "the library is public."
                    ),
                ),
                (
                    _("Your e-mail, if you follow something"),
                    _(
                        "Until you leave, which takes one click in any letter. An address that is not confirmed is "
                        "deleted after 7 days, a letter that was sent after 30."
                    ),
                ),
                (
                    _("Your stars and your comment on a project"),
                    _(
                        "As long as the project is documented here. So that one visitor counts once, a mark computed "
                        "from network address and browser by a secret key is kept for a year; the address itself is "
                        "not."
                    ),
                ),
                (
                    _("How often a page was seen"),
                    _(
                        "A number for each project and day. So that one visitor does not count twice, a mark computed "
                        "from the network address in the same way is held for half an hour."
                    ),
                ),
                (
                    _("How much was sent from one network address"),
                    _(
                        "A mark computed from the network address in the same way, against floods of messages. It "
                        "counts for an hour, for ratings for a day, and is then deleted."
                    ),
                ),
                (
                    _("What you chose under Display"),
                    _("In your own browser only; it never reaches us."),
                ),
                (
                    _("Accounts of agencies and staff"),
                    _(
                        "Name, e-mail, agency, and who did what and when, as records of public work; cookies while "
                        "signed in, and a log of sign-ins."
                    ),
                ),
                (
                    _("Logs of the servers"),
                    _(
                        "The portal writes no address into its own log. Whoever runs the network keeps traffic data "
                        "as the Computer Crime Act demands."
                    ),
                ),
            ),
        ),
        Part(
            _("Why it may be kept"),
            (
                _("What the public writes about public services is kept to carry out a task in the public interest."),
                _("Contact details and e-mail addresses are kept because you consented by typing them in."),
                _("You can withdraw your consent at any time; what was done before stays lawful."),
            ),
        ),
        Part(
            _("What you may ask for"),
            (
                _("To see what is kept of you, and to get a copy."),
                _("To have it corrected, deleted, or no longer used."),
                _("To object to its use."),
                _("To complain to the Personal Data Protection Committee if you are not content with our answer."),
            ),
        ),
    )


class Accessibility(Statement):
    """How far everybody can use the portal, how that is tested, and how to complain."""

    title = _("Accessibility")
    lede = _("The portal is meant for everybody. It aims at the Web Content Accessibility Guidelines 2.2, level AA.")
    parts = (
        Part(
            _("What you can set"),
            (
                _("At the foot of every page, under Display: light or dark, more contrast, larger text."),
                _("Everything works by keyboard, without JavaScript, on a screen 320 pixels wide, and on paper."),
                _("The stages of a project are never told by colour alone: shape, fill and words say the same."),
            ),
        ),
        Part(
            _("What is tested"),
            (
                _("Every kind of page, in Thai and English, light and dark, by axe with the rules of WCAG 2.2 AA."),
                _("320 pixels without sideways scrolling, and text at 200 percent with nothing cut off."),
                _("These tests are part of the portal's own and are repeated with every change of it."),
            ),
        ),
        Part(
            _("What is not tested, or not yet good"),
            (
                _("No test with people who use a screen reader in Thai has been carried out yet."),
                _("Files that agencies attach, such as photographs or scanned PDF, may have no text to read aloud."),
                _("What agencies write is often there in Thai only; on English pages it is marked as Thai."),
            ),
        ),
        Part(
            _("If something does not work for you"),
            (_("Tell us which page it is and what you use; we answer, and give you the content in another form."),),
        ),
    )


class Terms(Statement):
    """What may be done with what stands here."""

    title = _("Terms of use")
    lede = _("What stands here is public information about public work. Read it, quote it, link to it.")
    parts = (
        Part(
            _("Using the content"),
            (
                _("You may quote and pass on texts and data, if you name GovLab, OPDC as the source, and the date."),
                _("The tables of the page “Open data” may be used under the licence that is named there."),
                _(
                    "For the rest of the content no licence has been announced. Documents, pictures and files of "
                    "others remain theirs; ask the agency named beside them before you publish them elsewhere."
                ),
                _("Do not use names or signs of agencies so that it looks as if they supported something."),
            ),
        ),
        Part(
            _("How reliable it is"),
            (
                _("Facts come from the documents named as sources. What they do not state is shown as not known."),
                _("Progress is reported by the agencies and read by OPDC staff before it appears."),
                _("Documents with a signature or a seal hold where they and this portal differ."),
            ),
        ),
        Part(
            _("Demonstration data"),
            (_("What is marked as demonstration data is invented to show how the portal works. Do not cite it."),),
        ),
        Part(
            _("What you write here"),
            (
                _("Write what you have seen or think yourself, without names or telephone numbers of other people."),
                _("Somebody reads it before it is shown. If it is not shown, the reason is public."),
                _("You allow OPDC and the project's team to show it, quote it and use it for the project."),
            ),
        ),
    )


class ContactPage(Statement):
    """Whom to ask."""

    title = _("Contact")
    lede = _("GovLab is run by the Office of the Public Sector Development Commission (OPDC).")
    parts = (
        Part(
            _("Which way is the quickest"),
            (),
            (
                (_("About one project"), _("Follow the project, or answer its call to the public if one is open.")),
                (_("About your own account"), _("Ask the lead of your agency; leads are helped by OPDC staff.")),
                (_("About your personal data"), _("Write to the address below and say which page it is about.")),
                (
                    _("About data and programs"),
                    _("The pages “Open data” and “API for developers” at the foot of the page say what there is."),
                ),
            ),
        ),
    )
