"""The content desk: marketing's list, uploading, editing, publishing, what people miss."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.catalogue import queries as catalogue
from portal.collateral.actions import assets as actions
from portal.collateral.actions import library as wishes
from portal.collateral.actions.assets import AddFile, CreateAsset
from portal.collateral.actions.processing import title_from
from portal.collateral.forms.desk import (
    AnswerForm,
    EditForm,
    StepForm,
    SynonymsForm,
    TextForm,
    UploadForm,
    VersionForm,
    options,
)
from portal.collateral.forms.library import PressForm
from portal.collateral.models import Asset
from portal.collateral.queries import assets as queries
from portal.collateral.queries import desk
from portal.collateral.rules import assets as rules
from portal.collateral.rules.assets import AT_WORK, AssetKind, AssetState, Form, Step
from portal.collateral.views import upload
from portal.collateral.views.areas import content as area
from portal.collateral.views.library import page_request
from portal.kernel.errors import Refused
from portal.kernel.policy import May
from portal.partners.rules import PartnerType
from portal.web.area import Visit
from portal.web.security import UPLOAD

MISSED_FOR = dt.timedelta(days=90)


@area.page("/content", needs=May.COLLATERAL_EDIT)
def show(visit: Visit) -> ResponseReturnValue:
    """Every piece, last changed first."""
    view = request.args.get("view", "")
    wanted = desk.Wanted(
        view=view if view == "expiring" or view in set(AssetState) else "",
        text=request.args.get("q", "")[:100],
    )
    today = visit.now.date()
    return visit.render(
        "content/list.html",
        wanted=wanted,
        page_of=desk.list_assets(visit.db, wanted, page_request(), today=today),
        counts=desk.counts(visit.db, today=today),
        states=list(AssetState),
        today=today,
    )


@area.page("/content/upload", needs=May.COLLATERAL_EDIT)
def show_upload(visit: Visit) -> ResponseReturnValue:
    if visit.fragment == "work":
        return visit.render("content/work.html", **_work(visit))
    return _upload_page(visit, UploadForm())


def _upload_page(visit: Visit, form: UploadForm, status: int = 200) -> ResponseReturnValue:
    lines = [(line.code, line.name) for line in catalogue.list_lines(visit.db)]
    form.line.choices = options(lines, empty="Every line")
    return visit.render("content/upload.html", status, form=form, **_work(visit))


def _work(visit: Visit) -> dict[str, Any]:
    uploads = desk.recent_uploads(visit.db)
    return {"uploads": uploads, "is_done": not any(u.state in AT_WORK for u in uploads)}


@area.act("/content/upload", needs=May.COLLATERAL_EDIT, body=UPLOAD)
def take_upload(visit: Visit) -> ResponseReturnValue:
    """Several files at once: each becomes a draft, and is judged and read by the runner."""
    form = visit.form(UploadForm)
    if not form.validate():
        return _upload_page(visit, form, 422)
    arrived, refused = [], []
    for each in form.files.data or ():
        try:
            arrived.append(upload.stored(visit, each))
        except Refused as refusal:
            refused.append(f"{each.filename}: {refusal.message}")
    known = {line.code for line in catalogue.list_lines(visit.db)}
    line = form.line.data if form.line.data in known else ""
    for file in arrived:
        _draft_of(visit, file, AssetKind(form.kind.data), line)
    if refused:
        form.files.errors = refused
        if not arrived:
            return _upload_page(visit, form, 422)
        visit.say("Not taken: " + " ".join(refused))
    visit.say(f"Took {len(arrived)} file{'s' if len(arrived) != 1 else ''}. They are being read.")
    return visit.go("content.show_upload")


def _draft_of(visit: Visit, file: upload.Arrived, kind: AssetKind, line: str) -> None:
    command = CreateAsset(
        new_ref=visit.services.new_ref("AS"),
        title=title_from(file.name),
        kind=kind,
        line_codes=f" {line} " if line else "",
    )
    asset = actions.create(visit.db, command, now=visit.now)
    actions.add_file(visit.db, _file(asset, file, ""), now=visit.now)


def _file(asset: Asset, file: upload.Arrived, note: str) -> AddFile:
    return AddFile(
        asset_id=asset.id,
        name=file.name,
        kind=file.kind,
        key=file.key,
        size=file.size,
        sha256=file.sha256,
        note=note,
    )


@area.page("/content/new/<any(email, video):form_of>", needs=May.COLLATERAL_EDIT)
def show_new(visit: Visit, form_of: str) -> ResponseReturnValue:
    """A video link or an e-mail text."""
    kind = _text_kind(form_of)
    return visit.render("content/text.html", form=TextForm(), kind=kind, piece=None)


@area.act("/content/new/<any(email, video):form_of>", needs=May.COLLATERAL_EDIT)
def make_new(visit: Visit, form_of: str) -> ResponseReturnValue:
    kind, form = _text_kind(form_of), visit.form(TextForm)
    if not form.validate():
        return visit.render("content/text.html", 422, form=form, kind=kind, piece=None)
    command = CreateAsset(
        new_ref=visit.services.new_ref("AS"),
        title=form.title.data or "",
        kind=kind,
        form=Form(kind.value),
    )
    asset = actions.create(visit.db, command, now=visit.now)
    actions.add_text(visit.db, form.command(asset.id), now=visit.now)
    visit.say("The draft is kept. Set whom it is for, then publish.")
    return visit.go("content.edit", ref=asset.ref)


def _text_kind(form_of: str) -> AssetKind:
    return AssetKind.EMAIL if form_of == "email" else AssetKind.VIDEO


@area.page("/content/<ref>", needs=May.COLLATERAL_EDIT)
def edit(visit: Visit, ref: str) -> ResponseReturnValue:
    asset = queries.get_asset(visit.db, ref)
    if visit.fragment == "work":
        versions = queries.list_versions(visit.db, asset.id)
        is_done = not any(version.state in AT_WORK for version in versions)
        return visit.render(
            "content/versions.html", piece=asset, versions=versions, is_done=is_done
        )
    return _edit_page(visit, asset, _filled(visit, asset))


def _filled(visit: Visit, asset: Asset) -> EditForm:
    tokens = queries.audience_of(visit.db, asset.id)

    def having(start: str) -> list[str]:
        return [token.removeprefix(start) for token in tokens if token.startswith(start)]

    by_id = queries.cards(visit.db, [asset.replaced_by_id] if asset.replaced_by_id else [])
    successor = by_id.get(asset.replaced_by_id or 0)
    return EditForm(
        obj=asset,
        about=asset.summary,
        version=str(asset.version),
        lines=asset.line_codes.split(),
        owner=str(asset.owner_id or ""),
        valid_from=asset.valid_from.isoformat() if asset.valid_from else "",
        valid_until=asset.valid_until.isoformat() if asset.valid_until else "",
        replaced_by=successor.ref if successor else "",
        is_for_all="all" in tokens,
        types=having("type:"),
        tiers=having("tier:"),
        partners=having("partner:"),
    )


def _offer(visit: Visit, form: EditForm) -> None:
    found = desk.addressable(visit.db)
    form.offer(
        lines=options((line.code, line.name) for line in catalogue.list_lines(visit.db)),
        region=options(found.regions, empty="Every region"),
        owner=options(found.owners, empty="Nobody"),
        types=options((kind.value, kind.label) for kind in PartnerType),
        tiers=options(found.tiers),
        partners=options(found.partners),
    )


def _edit_page(
    visit: Visit, asset: Asset, form: EditForm, status: int = 200, **more: Any
) -> ResponseReturnValue:
    _offer(visit, form)
    versions = queries.list_versions(visit.db, asset.id)
    newest = versions[0] if versions else None
    values = {
        "piece": asset,
        "form": form,
        "versions": versions,
        "newest": newest,
        "steps": rules.steps_from(asset.state),
        "zones": queries.zones_of(visit.db, newest.id) if newest else (),
        "version_form": VersionForm(),
        "is_done": not any(version.state in AT_WORK for version in versions),
    }
    return visit.render("content/edit.html", status, **(values | more))


@area.act("/content/<ref>", needs=May.COLLATERAL_EDIT)
def save(visit: Visit, ref: str) -> ResponseReturnValue:
    asset = queries.get_asset(visit.db, ref)
    form = visit.form(EditForm)
    _offer(visit, form)
    if visit.attempt(form, lambda: _save(visit, asset, form)) is None:
        return _edit_page(visit, queries.get_asset(visit.db, ref), form, 422)
    visit.say("Saved.")
    return visit.go("content.edit", ref=ref)


def _save(visit: Visit, asset: Asset, form: EditForm) -> Asset:
    successor = None
    if form.replaced_by.data:
        successor = queries.get_asset(visit.db, form.replaced_by.data).id
    family = form.family.data or ""
    return actions.edit(
        visit.db, asset.ref, form.command(replaced_by_id=successor, family=family), now=visit.now
    )


@area.act("/content/<ref>/step", needs=May.COLLATERAL_EDIT)
def take_step(visit: Visit, ref: str) -> ResponseReturnValue:
    """Send to review, return, publish, withdraw, reopen."""
    form = visit.form(StepForm)
    said = visit.attempt(form, lambda: _step(visit, ref, form.wanted()))
    if said is None:
        asset = queries.get_asset(visit.db, ref)
        return _edit_page(visit, asset, _filled(visit, asset), 422, form_errors=form.summary)
    visit.say(said)
    return visit.go("content.edit", ref=ref)


def _step(visit: Visit, ref: str, step: Step) -> str:
    if step is not Step.PUBLISH:
        asset = actions.move(visit.db, ref, step, now=visit.now)
        return f"{asset.title}: {asset.state.label.lower()}."
    asset = queries.get_asset(visit.db, ref)
    if actions.publish(visit.db, asset, now=visit.now, today=visit.now.date()):
        return f"Published version {asset.current_number}. Those it is for find it now."
    return "Approved. It is published on its first day."


@area.act("/content/<ref>/version", needs=May.COLLATERAL_EDIT, body=UPLOAD)
def add_version(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(VersionForm)
    arrived = upload.stored(visit, form.file.data) if form.validate() else None
    asset = queries.get_asset(visit.db, ref)
    if arrived is None:
        return _edit_page(visit, asset, _filled(visit, asset), 422, version_form=form)
    actions.add_file(visit.db, _file(asset, arrived, form.note.data or ""), now=visit.now)
    visit.say("The new version is being read. Partners keep the present one until you publish.")
    return visit.go("content.edit", ref=ref)


@area.act("/content/<ref>/discard", needs=May.COLLATERAL_EDIT)
def discard(visit: Visit, ref: str) -> ResponseReturnValue:
    visit.form(PressForm)
    actions.discard(visit.db, ref)
    visit.say("The draft is gone.")
    return visit.go("content.show")


@area.page("/content/wishes", needs=May.COLLATERAL_EDIT)
def show_wishes(visit: Visit) -> ResponseReturnValue:
    """What people asked for, what they searched in vain, and which words mean the same."""
    return _wishes(visit, SynonymsForm(lines=desk.synonym_lines(visit.db)), AnswerForm())


def _wishes(
    visit: Visit, synonyms: SynonymsForm, answer: AnswerForm, status: int = 200
) -> ResponseReturnValue:
    return visit.render(
        "content/wishes.html",
        status,
        synonyms=synonyms,
        answer=answer,
        asked=desk.open_requests(visit.db),
        missed=desk.missed_searches(visit.db, since=visit.now - MISSED_FOR),
    )


@area.act("/content/wishes/<ref>", needs=May.COLLATERAL_EDIT)
def answer_wish(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(AnswerForm)
    text, asset_ref = form.answer.data or "", (form.asset.data or "").strip()
    done = visit.attempt(
        form, lambda: wishes.answer(visit.db, ref, text, asset_ref=asset_ref, now=visit.now)
    )
    if done is None:
        return _wishes(visit, SynonymsForm(lines=desk.synonym_lines(visit.db)), form, 422)
    visit.say("Answered. The person is told.")
    return visit.go("content.show_wishes")


@area.act("/content/synonyms", needs=May.COLLATERAL_EDIT)
def save_synonyms(visit: Visit) -> ResponseReturnValue:
    form = visit.form(SynonymsForm)
    lines = (form.lines.data or "").splitlines()
    done = visit.attempt(form, lambda: wishes.set_synonyms(visit.db, lines, now=visit.now))
    if done is None:
        return _wishes(visit, form, AnswerForm(), 422)
    visit.say("The synonyms are in force.")
    return visit.go("content.show_wishes")
