"""Addresses of communities. What is public, and what a link in a mail opens, is listed at the top."""

from __future__ import annotations

from django.urls import path

from convene.apps.communities.views import (
    applications,
    conduct,
    own,
    people,
    public,
    settings,
    settings_people,
)

urlpatterns = [
    path("start/", public.start, name="start"),
    path("c/<slug:slug>/", public.community_page, name="community_page"),
    path("c/<slug:slug>/charter/", public.charter, name="charter"),
    path("c/<slug:slug>/charter/<int:number>/", public.charter, name="charter_version"),
    path("c/<slug:slug>/apply/", applications.apply, name="apply"),
    path("c/<slug:slug>/apply/sent/", applications.apply_sent, name="apply_sent"),
    path("c/<slug:slug>/conduct/report/", conduct.conduct_report, name="conduct_report"),
    path("answers/", conduct.conduct_answers, name="conduct_answers"),
    path("membership/invited/<str:token>/", own.membership_invited, name="membership_invited"),
    path("membership/review/<str:token>/", own.membership_review, name="membership_review"),
    path("membership/return/<str:token>/", own.membership_return, name="membership_return"),
    path("apply/confirm/<str:token>/", applications.application_confirm, name="application_confirm"),
    path("apply/follow/<str:token>/", applications.application_follow, name="application_follow"),
    # one's own
    path("c/<slug:slug>/me/", own.my_membership, name="my_membership"),
    path("c/<slug:slug>/me/answer/", own.membership_answer, name="membership_answer"),
    path("me/traits/", own.my_traits, name="my_traits"),
    # the conduct contact's
    path("c/<slug:slug>/conduct/", conduct.conduct_inbox, name="conduct_inbox"),
    path("c/<slug:slug>/conduct/<uuid:report_id>/", conduct.conduct_case, name="conduct_case"),
    path("c/<slug:slug>/conduct/<uuid:report_id>/reply/", conduct.conduct_reply, name="conduct_reply"),
    path("c/<slug:slug>/conduct/<uuid:report_id>/take-up/", conduct.conduct_take_up, name="conduct_take_up"),
    path("c/<slug:slug>/conduct/<uuid:report_id>/close/", conduct.conduct_close, name="conduct_close"),
    # members and stewards
    path("c/<slug:slug>/people/", people.community_people, name="community_people"),
    path("c/<slug:slug>/people/invite/", people.member_invite, name="member_invite"),
    path("c/<slug:slug>/people/composition/", settings_people.composition, name="composition"),
    path("c/<slug:slug>/people/applications/", applications.applications, name="applications"),
    path(
        "c/<slug:slug>/people/applications/<uuid:application_id>/",
        applications.application_read,
        name="application_read",
    ),
    path("c/<slug:slug>/people/roles/<uuid:term_id>/end/", people.role_end, name="role_end"),
    path("c/<slug:slug>/people/roles/<uuid:term_id>/term/", people.role_term, name="role_term"),
    path("c/<slug:slug>/people/<uuid:membership_id>/", people.member_edit, name="member_edit"),
    path("c/<slug:slug>/people/<uuid:membership_id>/role/", people.role_give, name="role_give"),
    path("c/<slug:slug>/people/<uuid:membership_id>/end/", people.member_end, name="member_end"),
    path(
        "c/<slug:slug>/people/<uuid:membership_id>/again/", people.invitation_again, name="invitation_again"
    ),
    path(
        "c/<slug:slug>/people/<uuid:membership_id>/take-back/",
        people.invitation_take_back,
        name="invitation_take_back",
    ),
    path("c/<slug:slug>/stakeholders/", settings_people.stakeholders, name="stakeholders"),
    path("c/<slug:slug>/stakeholders/new/", settings_people.stakeholder_new, name="stakeholder_new"),
    path(
        "c/<slug:slug>/stakeholders/<uuid:stakeholder_id>/", settings_people.stakeholder, name="stakeholder"
    ),
    path(
        "c/<slug:slug>/stakeholders/<uuid:stakeholder_id>/contact/",
        settings_people.stakeholder_contact,
        name="stakeholder_contact",
    ),
    path(
        "c/<slug:slug>/stakeholders/<uuid:stakeholder_id>/end/",
        settings_people.stakeholder_end,
        name="stakeholder_end",
    ),
    path("c/<slug:slug>/settings/", settings.community_settings, name="community_settings"),
    path("c/<slug:slug>/settings/charter/", settings.charter_edit, name="charter_edit"),
    path("c/<slug:slug>/settings/features/", settings.community_features, name="community_features"),
    path("c/<slug:slug>/settings/features/<slug:name>/", settings.feature_switch, name="feature_switch"),
    path("c/<slug:slug>/settings/traits/", settings_people.trait_questions, name="trait_questions"),
    path(
        "c/<slug:slug>/settings/traits/<uuid:question_id>/",
        settings_people.trait_question,
        name="trait_question",
    ),
    path(
        "c/<slug:slug>/settings/traits/<uuid:question_id>/retire/",
        settings_people.trait_retire,
        name="trait_retire",
    ),
    path("c/<slug:slug>/settings/close/", settings.community_close, name="community_close"),
    path("c/<slug:slug>/settings/reopen/", settings.community_reopen, name="community_reopen"),
]
