"""The addresses of a person's own account; signing in and passwords are allauth's views."""

from allauth.account import views as allauth
from django.urls import path, re_path, reverse_lazy
from django.views.generic import RedirectView

from agencies.account import home, letters, security, tokens

security.listen()
own = [
    path("", RedirectView.as_view(url=reverse_lazy("account:home")), name="index"),
    path("me/", home.AccountHome.as_view(), name="home"),
    path("letters/", letters.Letters.as_view(), name="letters"),
    path("tokens/", tokens.TokenList.as_view(), name="token-list"),
    path("tokens/add/", tokens.TokenAdd.as_view(), name="token-add"),
    path("tokens/<int:pk>/revoke/", tokens.TokenRevoke.as_view(), name="token-revoke"),
]
urlpatterns = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(  # the first hyphen parts person from key: the key has hyphens of its own
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
