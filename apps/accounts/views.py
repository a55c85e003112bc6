"""Pages of accounts: signing in and out, one's own password and sign-ins, users."""

from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from apps.accounts import selectors, services
from apps.accounts.filters import UserFilter
from apps.accounts.forms import PasswordForm, SignInForm, UserForm
from apps.accounts.models import User
from apps.accounts.tables import UserTable
from apps.core import crypto
from apps.core.forms import ConfirmForm
from apps.core.menu import address
from apps.core.views import ActView, DetailView, EditView, ListView, Screen
from apps.regions import selectors as regions

INVALID = 422
TOO_MANY = 429


def front_page() -> str:
    """Return the address of the work list, or "/" while there is none."""
    return address(settings.LOGIN_REDIRECT_URL) or "/"


def next_address(request: HttpRequest) -> str:
    """Return where to go after signing in: `next` if it is one of our pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if wanted and ours else front_page()


# Signing in and out -------------------------------------------------------------------------------


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class Login(View):
    """The sign-in page. Unknown names and wrong passwords are answered alike."""

    template_name = "accounts/login.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(next_address(request))
        return self._page(SignInForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self._page(form, INVALID)
        user = auth.authenticate(
            request,
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
        )
        if user is None:
            return self._refuse(form)
        services.sign_in(request=request, user=user)
        if services.kept_form(request=request):
            return redirect("accounts:kept_form")
        services.drop_kept_form(request=request)
        return redirect(next_address(request))

    def _refuse(self, form: SignInForm) -> HttpResponse:
        if not getattr(self.request, "locked_until", None):
            services.note_failed_sign_in(username=form.cleaned_data["username"])
        form.add_error(None, _("User name or password is not right. Please try again."))
        return self._page(form, INVALID)

    def _page(self, form: SignInForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Sign in"),
            "form": form,
            "next": next_address(self.request),
            "was_idle": bool(self.request.session.get(services.WAS_IDLE)),
        }
        return render(self.request, self.template_name, context, status=status)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Tell somebody who tried too often how long to wait; the same for unknown names."""
    until = getattr(request, "locked_until", None)
    seconds = max((until - timezone.now()).total_seconds(), 0) if until else 0
    context = {
        "title": _("Please wait a little"),
        "minutes": int(seconds // 60) + 1,
        "until": until,
        "login_url": reverse("accounts:login"),
    }
    page = render(request, "accounts/locked.html", context, status=TOO_MANY)
    page["Retry-After"] = str(int(seconds) + 1)
    return page


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End this session. What pages stored in the browser is cleared.

    Cached style sheets and scripts stay: they hold nothing personal (personal pages are never
    cached) and would have to cross a village's line again.
    """
    services.sign_out(request=request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = '"storage"'
    return response


class KeptForm(Screen):
    """After a session ended while somebody was typing: back to the form with what was typed."""

    template_name = "accounts/kept_form.html"
    title = _("Your entries are still here")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return redirect("accounts:login")
        return View.dispatch(self, request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        kept = services.kept_form(request=request)
        if not kept:
            return redirect(front_page())
        path, pairs = kept
        return self.show(action=path, pairs=pairs, front_page=front_page())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Throw the entries away."""
        services.drop_kept_form(request=request)
        return redirect(front_page())


# My account ---------------------------------------------------------------------------------------


class OwnAccount(Screen):
    """A page for everybody who is signed in, whatever the role."""

    permission = "own"

    def may(self, permission: str) -> bool:
        return permission == self.permission


@method_decorator(
    sensitive_post_parameters("old_password", "new_password", "again"), name="dispatch"
)
class PasswordChange(OwnAccount):
    """One's own password."""

    template_name = "accounts/password_change.html"
    title = _("Change password")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=PasswordForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasswordForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=INVALID)
        said = form.cleaned_data
        try:
            services.change_password(
                request=request, old=said["old_password"], new=said["new_password"]
            )
        except ValidationError as error:
            form.refuse(error)
            return self.show(form=form, status=INVALID)
        messages.success(request, _("Your password has been changed."))
        return redirect(front_page())


class SessionList(OwnAccount):
    """Where one is signed in."""

    template_name = "accounts/session_list.html"
    title = _("Where I am signed in")

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = selectors.sign_ins(request.user)
        return self.show(sign_ins=rows, here=request.session.session_key)


class SessionEnd(OwnAccount):
    """Sign one browser out (with a number), or all others (without)."""

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        if pk is None:
            services.end_other_sign_ins(
                actor=request.user,  # type: ignore[arg-type]
                keep=request.session.session_key or "",
            )
        else:
            row = get_object_or_404(selectors.sign_ins(request.user), pk=pk)
            services.end_sign_in(actor=request.user, sign_in=row)  # type: ignore[arg-type]
        messages.success(request, _("Signed out there."))
        return redirect("accounts:session_list")


# Users --------------------------------------------------------------------------------------------


class UserList(ListView):
    """The accounts of one's regions."""

    permission = "accounts.view"
    title = _("Users")
    selector = staticmethod(selectors.users)
    table_class = UserTable
    filter_class = UserFilter
    create_url = "accounts:user_create"
    create_permission = "accounts.manage"
    create_text = _("New user")


class UserDetail(DetailView):
    """One account: role, regions, where it is signed in now."""

    permission = "accounts.view"
    selector = staticmethod(selectors.users)
    template_name = "accounts/user_detail.html"
    object_name = "account"

    def extra_context(self) -> dict[str, Any]:
        return {
            "regions": self.object.regions.all(),
            "sign_ins": selectors.sign_ins(self.object),
            "may_manage": self.may("accounts.manage"),
        }


class UserEdit(EditView):
    """Open an account, or change one."""

    permission = "accounts.manage"
    selector = staticmethod(selectors.users)
    form_class = UserForm
    object_name = "account"
    cancel_url = "accounts:user_list"

    def get_title(self) -> Any:
        return str(self.object) if self.object is not None else _("New user")

    def form_arguments(self) -> dict[str, Any]:
        choice = regions.current_regions(self.request.user)
        return {"regions": choice, "user": self.object, "initial": self.initial()}

    def initial(self) -> dict[str, Any]:
        if self.object is None:
            return {"is_active": True}
        account: User = self.object
        return {
            "username": account.username,
            "display_name": account.display_name,
            "role": account.role,
            "regions": account.regions.all(),
            "is_active": account.is_active,
        }

    def save(self, form: Any) -> Any:
        actor, record = self.request.user, form.record()
        if self.object is not None:
            return services.update_user(
                actor=actor,  # type: ignore[arg-type]
                user=self.object,
                record=record,
            )
        account, password = services.create_user(
            actor=actor,  # type: ignore[arg-type]
            record=record,
        )
        show_once(self.request, account, password)
        return account

    def result_url(self, result: User) -> str:
        if once := self.request.session.get("new_password"):
            return reverse("accounts:user_password", args=[once["user"]])
        return reverse("accounts:user_detail", args=[result.pk])

    def done_message(self, result: User) -> str:
        return "" if "new_password" in self.request.session else str(_("The account is saved."))


class UserResetPassword(ActView):
    """Give an account a new generated password."""

    permission = "accounts.manage"
    selector = staticmethod(selectors.users)
    form_class = ConfirmForm
    object_name = "user"
    verb = _("Set a new password")
    consequence = _(
        "A new password is made and shown to you once. The user is signed out everywhere and must"
        " choose an own password at the next sign-in."
    )

    def save(self, form: Any) -> Any:
        password = services.reset_password(
            actor=self.request.user,  # type: ignore[arg-type]
            user=self.object,
        )
        show_once(self.request, self.object, password)
        return self.object

    def result_url(self, result: User) -> str:
        return reverse("accounts:user_password", args=[result.pk])

    def cancel_address(self) -> str:
        return reverse("accounts:user_detail", args=[self.object.pk])


def show_once(request: HttpRequest, user: User, password: str) -> None:
    """Keep a generated password for the next page, which shows it and forgets it."""
    sealed = crypto.encrypt(f"new_password:{user.pk}", password)
    request.session["new_password"] = {"user": user.pk, "sealed": sealed.hex()}


class UserPassword(DetailView):
    """The generated password of an account, once."""

    permission = "accounts.manage"
    selector = staticmethod(selectors.users)
    template_name = "accounts/user_password.html"
    object_name = "account"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        kept = request.session.pop("new_password", None)
        if not kept or kept["user"] != self.object.pk:
            return redirect("accounts:user_detail", pk=self.object.pk)
        sealed = bytes.fromhex(kept["sealed"])
        return self.show(password=crypto.decrypt(f"new_password:{self.object.pk}", sealed))


class UserSignOut(Screen):
    """Sign an account out in one browser, from elsewhere."""

    permission = "accounts.manage"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(selectors.sign_ins_in_scope(request.user), pk=pk)
        services.end_sign_in(actor=request.user, sign_in=row)  # type: ignore[arg-type]
        messages.success(request, _("Signed out there."))
        return redirect("accounts:user_detail", pk=row.user_id)
