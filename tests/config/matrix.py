"""Every address of the site and who may do what there: the tables, and a walk over the addresses that there are.

Each row is a method, a route as the URL resolver writes it, and the status for each of the columns.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

ROLES = ("anonymous", "Viewer", "Marketer", "Manager", "Administrator")
KEYS = ("no key", "read", "write", "revoked", "account", "segments", "automations", "reports")

type Row = tuple[str, str, dict[str, int]]

SITE = r"""
GET    / 302 302 302 302 302
GET    /healthz 200 200 200 200 200
GET    /readyz 503 503 503 503 503
GET    /metrics 404 404 404 404 404
POST   /i18n/setlang/ 302 302 302 302 302
GET    /confirm/<str:token>/ 404 404 404 404 404
POST   /confirm/<str:token>/ 404 404 404 404 404
GET    /api/v1/schema/ 401 200 200 200 200
GET    /api/v1/docs/ 401 200 200 200 200
GET    /admin/contacts/<int:contact_id>/recurring-payments/ 302 200 200 200 200
GET    /admin/recurring-payments/<int:payment_id>/panel/ 302 200 200 200 200
GET    /admin/manage-data/recurring-payments/ 302 403 403 200 200
POST   /admin/manage-data/recurring-payments/move/ 302 403 403 302 302
POST   /admin/manage-data/recurring-payments/undo/ 302 403 403 302 302
POST   /admin/manage-data/recurring-payments/redo/ 302 403 403 302 302
POST   /admin/manage-data/recurring-payments/reset/ 302 403 403 302 302
GET    /admin/home/ 302 200 200 200 200
GET    /admin/reports/ 302 200 200 200 200
GET    /admin/reports/currencies/ 302 200 200 200 200
POST   /admin/reports/currencies/ 302 403 403 302 302
GET    /admin/reports/revenue/ 302 200 200 200 200
GET    /admin/reports/customers/ 302 200 200 200 200
GET    /admin/reports/states/ 302 200 200 200 200
GET    /admin/reports/retention/ 302 200 200 200 200
GET    /admin/reports/at-risk/ 302 200 200 200 200
GET    /admin/reports/coming-up/ 302 200 200 200 200
GET    /admin/reports/behind/payments/<slug:name>/ 302 404 404 404 404
GET    /admin/reports/behind/times/ 302 404 404 404 404
GET    /admin/reports/behind/movements/ 302 404 404 404 404
GET    /admin/people/ 302 200 200 200 200
POST   /admin/people/ 302 302 302 302 302
POST   /admin/people/act/ 302 403 422 422 422
GET    /admin/people/actions/ 302 403 200 200 200
GET    /admin/people/actions/<int:action_id>/ 302 403 200 200 200
GET    /admin/people/actions/<int:action_id>/progress/ 302 403 200 200 200
POST   /admin/people/actions/<int:action_id>/cancel/ 302 403 302 302 302
GET    /admin/people/actions/<int:action_id>/download/ 302 403 200 200 200
GET    /admin/automations/recipes/ 302 200 200 200 200
GET    /admin/automations/recipes/<slug:key>/ 302 200 200 200 200
POST   /admin/automations/recipes/<slug:key>/ 302 403 302 302 302
GET    /admin/segments/ 302 200 200 200 200
GET    /admin/segments/new/ 302 403 200 200 200
POST   /admin/segments/new/ 302 403 422 422 422
POST   /admin/segments/preview/ 302 422 422 422 422
POST   /admin/segments/reach/ 302 422 422 422 422
GET    /admin/segments/values/ 302 200 200 200 200
POST   /admin/segments/why/ 302 200 200 200 200
GET    /admin/segments/<int:segment_id>/ 302 200 200 200 200
POST   /admin/segments/<int:segment_id>/ 302 403 422 422 422
GET    /admin/segments/<int:segment_id>/count/ 302 200 200 200 200
GET    /admin/segments/<int:segment_id>/why/ 302 200 200 200 200
POST   /admin/segments/<int:segment_id>/duplicate/ 302 403 302 302 302
POST   /admin/segments/<int:segment_id>/archive/ 302 403 302 302 302
POST   /admin/segments/<int:segment_id>/take-out/ 302 403 302 302 302
POST   /admin/segments/<int:segment_id>/versions/<int:number>/ 302 403 302 302 302
GET    /admin/segments/<int:segment_id>/delete/ 302 403 403 200 200
POST   /admin/segments/<int:segment_id>/delete/ 302 403 403 302 302
GET    /admin/reports/custom/ 302 200 200 200 200
GET    /admin/reports/custom/new/ 302 200 200 200 200
POST   /admin/reports/custom/new/ 302 403 422 422 422
POST   /admin/reports/custom/result/ 302 422 422 422 422
GET    /admin/reports/custom/behind/ 302 422 422 422 422
POST   /admin/reports/custom/behind/ 302 422 422 422 422
POST   /admin/reports/custom/export/<slug:ending>/ 302 403 422 422 422
GET    /admin/reports/custom/<int:report_id>/ 302 200 200 200 200
GET    /admin/reports/custom/<int:report_id>/change/ 302 200 200 200 200
POST   /admin/reports/custom/<int:report_id>/change/ 302 403 422 422 422
GET    /admin/reports/custom/<int:report_id>/behind/ 302 200 200 200 200
GET    /admin/reports/custom/<int:report_id>/export/<slug:ending>/ 302 403 200 200 200
POST   /admin/reports/custom/<int:report_id>/duplicate/ 302 403 302 302 302
POST   /admin/reports/custom/<int:report_id>/archive/ 302 403 302 302 302
POST   /admin/reports/custom/<int:report_id>/take-out/ 302 403 302 302 302
GET    /admin/reports/custom/<int:report_id>/delete/ 302 403 403 200 200
POST   /admin/reports/custom/<int:report_id>/delete/ 302 403 403 302 302
GET    /admin/reports/custom/<int:report_id>/schedules/ 302 200 200 200 200
GET    /admin/reports/custom/<int:report_id>/schedules/new/ 302 403 200 200 200
POST   /admin/reports/custom/<int:report_id>/schedules/new/ 302 403 422 422 422
GET    /admin/reports/custom/<int:report_id>/schedules/<int:schedule_id>/ 302 403 200 200 200
POST   /admin/reports/custom/<int:report_id>/schedules/<int:schedule_id>/ 302 403 422 422 422
POST   /admin/reports/custom/<int:report_id>/schedules/<int:schedule_id>/now/ 302 403 302 302 302
POST   /admin/reports/custom/<int:report_id>/schedules/<int:schedule_id>/switch/ 302 403 302 302 302
POST   /admin/reports/custom/<int:report_id>/schedules/<int:schedule_id>/delete/ 302 403 302 302 302
GET    /admin/automations/ 302 200 200 200 200
GET    /admin/automations/new/ 302 403 200 200 200
POST   /admin/automations/new/ 302 403 422 422 422
GET    /admin/automations/import/ 302 403 302 302 302
POST   /admin/automations/import/ 302 403 422 422 422
GET    /admin/automations/<int:automation_id>/ 302 200 200 200 200
POST   /admin/automations/<int:automation_id>/ 302 403 422 422 422
POST   /admin/automations/<int:automation_id>/check/ 302 422 422 422 422
GET    /admin/automations/<int:automation_id>/counts/ 302 200 200 200 200
GET    /admin/automations/<int:automation_id>/people/ 302 200 200 200 200
POST   /admin/automations/<int:automation_id>/people/retry/ 302 403 302 302 302
GET    /admin/automations/<int:automation_id>/people/why/ 302 200 200 200 200
GET    /admin/automations/<int:automation_id>/people/enter/ 302 403 200 200 200
POST   /admin/automations/<int:automation_id>/people/enter/ 302 403 200 200 200
GET    /admin/automations/<int:automation_id>/people/from-before/ 302 403 200 200 200
POST   /admin/automations/<int:automation_id>/people/from-before/ 302 403 409 409 409
GET    /admin/automations/<int:automation_id>/people/from-before/progress/ 302 403 200 200 200
POST   /admin/automations/<int:automation_id>/people/from-before/cancel/ 302 403 302 302 302
POST   /admin/automations/<int:automation_id>/people/<int:way_id>/skip/ 302 403 302 302 302
GET    /admin/automations/<int:automation_id>/people/<int:way_id>/ 302 200 200 200 200
POST   /admin/automations/<int:automation_id>/people/<int:way_id>/end/ 302 403 302 302 302
GET    /admin/automations/<int:automation_id>/versions/ 302 200 200 200 200
POST   /admin/automations/<int:automation_id>/versions/<int:number>/ 302 403 302 302 302
GET    /admin/automations/<int:automation_id>/settings/ 302 200 200 200 200
POST   /admin/automations/<int:automation_id>/settings/ 302 403 422 422 422
POST   /admin/automations/<int:automation_id>/settings/secret/ 302 403 302 302 302
POST   /admin/automations/<int:automation_id>/receivers/<int:receiver_id>/switch-on/ 302 403 302 302 302
POST   /admin/automations/<int:automation_id>/labels/ 302 403 302 302 302
GET    /admin/automations/<int:automation_id>/export/ 302 200 200 200 200
GET    /admin/automations/<int:automation_id>/dry-run/ 302 200 200 200 200
GET    /admin/automations/<int:automation_id>/dry-run/way/ 302 404 404 404 404
GET    /admin/automations/<int:automation_id>/test/ 302 403 200 200 200
POST   /admin/automations/<int:automation_id>/test/ 302 403 200 200 200
GET    /admin/automations/<int:automation_id>/publish/ 302 403 200 200 200
POST   /admin/automations/<int:automation_id>/publish/ 302 403 302 302 302
POST   /admin/automations/<int:automation_id>/pause/ 302 403 302 302 302
POST   /admin/automations/<int:automation_id>/resume/ 302 403 302 302 302
GET    /admin/automations/<int:automation_id>/archive/ 302 403 200 200 200
POST   /admin/automations/<int:automation_id>/archive/ 302 403 302 302 302
POST   /admin/automations/<int:automation_id>/take-out/ 302 403 302 302 302
POST   /admin/automations/<int:automation_id>/duplicate/ 302 403 302 302 302
GET    /admin/automations/<int:automation_id>/delete/ 302 403 403 200 200
POST   /admin/automations/<int:automation_id>/delete/ 302 403 403 422 422
GET    /admin/campaigns/ 302 200 200 200 200
GET    /admin/campaigns/new/ 302 403 200 200 200
POST   /admin/contacts/contact/<int:contact_id>/send-again/ 302 403 302 302 302
POST   /admin/campaigns/new/ 302 403 422 422 422
GET    /admin/campaigns/sender/ 302 200 200 200 200
POST   /admin/campaigns/sender/ 302 403 403 422 422
GET    /admin/campaigns/messages/<int:message_id>/ 302 200 200 200 200
GET    /admin/campaigns/<int:campaign_id>/ 302 200 200 200 200
POST   /admin/campaigns/<int:campaign_id>/ 302 403 302 302 302
POST   /admin/campaigns/<int:campaign_id>/preview/ 302 200 200 200 200
POST   /admin/campaigns/<int:campaign_id>/links/ 302 403 302 302 302
POST   /admin/campaigns/<int:campaign_id>/test/ 302 403 302 302 302
GET    /admin/campaigns/<int:campaign_id>/versions/ 302 200 200 200 200
POST   /admin/campaigns/<int:campaign_id>/versions/<int:number>/ 302 403 302 302 302
POST   /admin/campaigns/<int:campaign_id>/labels/ 302 403 302 302 302
GET    /admin/campaigns/<int:campaign_id>/results/ 302 200 200 200 200
GET    /admin/campaigns/<int:direct_id>/sending/ 302 200 200 200 200
POST   /admin/campaigns/<int:direct_id>/sending/ 302 403 422 422 422
POST   /admin/campaigns/<int:direct_id>/sending/count/ 302 200 200 200 200
GET    /admin/campaigns/<int:direct_id>/sending/progress/ 302 200 200 200 200
POST   /admin/campaigns/<int:direct_id>/sending/hold/ 302 403 302 302 302
POST   /admin/campaigns/<int:direct_id>/sending/go-on/ 302 403 302 302 302
POST   /admin/campaigns/<int:direct_id>/sending/choose/ 302 403 302 302 302
POST   /admin/campaigns/<int:direct_id>/sending/cancel/ 302 403 302 302 302
POST   /admin/campaigns/<int:campaign_id>/archive/ 302 403 302 302 302
POST   /admin/campaigns/<int:campaign_id>/take-out/ 302 403 302 302 302
POST   /admin/campaigns/<int:campaign_id>/duplicate/ 302 403 302 302 302
GET    /admin/campaigns/<int:campaign_id>/delete/ 302 403 403 200 200
POST   /admin/campaigns/<int:campaign_id>/delete/ 302 403 403 422 422
GET    /e/o/<str:token>.gif 200 200 200 200 200
GET    /e/c/<str:token> 404 404 404 404 404
GET    /e/u/<str:token> 404 404 404 404 404
POST   /e/u/<str:token> 404 404 404 404 404
GET    /e/p/<str:token> 404 404 404 404 404
POST   /e/p/<str:token> 404 404 404 404 404
GET    /e/b/<str:token> 404 404 404 404 404
GET    /e/logo/<str:name> 404 404 404 404 404
GET    /admin/reports/automations/ 302 200 200 200 200
GET    /admin/reports/automations/export/ 302 200 200 200 200
GET    /admin/reports/automations/people/ 302 404 404 404 404
GET    /admin/reports/automations/people/export/ 302 403 404 404 404
GET    /admin/reports/automations/<int:automation_id>/ 302 200 200 200 200
GET    /admin/reports/automations/<int:automation_id>/export/ 302 200 200 200 200
GET    /admin/reports/campaigns/ 302 200 200 200 200
GET    /admin/reports/campaigns/export/ 302 200 200 200 200
GET    /admin/reports/campaigns/people/ 302 404 404 404 404
GET    /admin/reports/campaigns/people/export/ 302 403 404 404 404
GET    /admin/reports/campaigns/<int:campaign_id>/ 302 302 302 302 302
GET    /admin/connected-apps/ 302 200 200 200 200
GET    /admin/connected-apps/new/ 302 403 403 403 200
GET    /admin/connected-apps/new/<slug:kind>/ 302 403 403 403 200
POST   /admin/connected-apps/new/<slug:kind>/ 302 403 403 403 200
GET    /admin/connected-apps/<int:connection_id>/credentials/ 302 403 403 403 200
POST   /admin/connected-apps/<int:connection_id>/credentials/ 302 403 403 403 200
GET    /admin/connected-apps/<int:connection_id>/resource/ 302 403 403 403 200
POST   /admin/connected-apps/<int:connection_id>/resource/ 302 403 403 403 302
GET    /admin/connected-apps/<int:connection_id>/options/ 302 403 403 403 200
POST   /admin/connected-apps/<int:connection_id>/options/ 302 403 403 403 302
GET    /admin/connected-apps/<int:connection_id>/finish/ 302 403 403 403 200
GET    /admin/connected-apps/<int:connection_id>/finish/progress/ 302 403 403 403 200
POST   /admin/connected-apps/<int:connection_id>/finish/register/ 302 403 403 403 302
POST   /admin/connected-apps/<int:connection_id>/finish/prove/ 302 403 403 403 302
POST   /admin/connected-apps/<int:connection_id>/finish/key/ 302 403 403 403 200
GET    /admin/search/ 302 200 200 200 200
GET    /admin/ 302 302 302 302 302
GET    /admin/login/ 200 302 302 302 302
POST   /admin/logout/ 302 200 200 200 200
GET    /admin/login/code/ 302 302 302 302 302
POST   /admin/login/code/ 302 302 302 302 302
GET    /admin/account/ 302 200 200 200 200
POST   /admin/account/two-factor/start/ 302 422 422 422 422
POST   /admin/account/two-factor/confirm/ 302 422 422 422 422
POST   /admin/account/two-factor/codes/ 302 422 422 422 422
POST   /admin/account/two-factor/off/ 302 422 422 422 422
POST   /admin/account/sign-out-elsewhere/ 302 302 302 302 302
POST   /admin/account/sessions/<slug:name>/end/ 302 302 302 302 302
POST   /admin/auth/user/<int:user_id>/two-factor-off/ 302 403 403 403 302
GET    /admin/password_change/ 302 200 200 200 200
GET    /admin/password_change/done/ 302 200 200 200 200
GET    /admin/autocomplete/ 302 403 403 403 403
GET    /admin/jsi18n/ 302 200 200 200 200
GET    /admin/r/<path:content_type_id>/<path:object_id>/ 302 404 404 404 404
GET    /admin/audit/entry/export/ 302 403 403 403 200
GET    /admin/audit/entry/ 302 403 403 403 200
GET    /admin/audit/entry/add/ 302 403 403 403 403
POST   /admin/audit/entry/add/ 302 403 403 403 403
GET    /admin/audit/entry/<path:object_id>/history/ 302 404 404 404 404
POST   /admin/audit/entry/<path:object_id>/delete/ 302 403 403 403 403
GET    /admin/audit/entry/<path:object_id>/change/ 302 404 404 404 404
POST   /admin/audit/entry/<path:object_id>/change/ 302 404 404 404 404
GET    /admin/audit/entry/<path:object_id>/ 302 302 302 302 302
GET    /admin/contacts/contact/export/ 302 403 200 200 200
GET    /admin/contacts/contact/ 302 200 200 200 200
GET    /admin/contacts/contact/add/ 302 403 200 200 200
POST   /admin/contacts/contact/add/ 302 403 302 302 302
GET    /admin/contacts/contact/<path:object_id>/history/ 302 200 200 200 200
POST   /admin/contacts/contact/<path:object_id>/delete/ 302 403 403 302 302
GET    /admin/contacts/contact/<path:object_id>/change/ 302 200 200 200 200
POST   /admin/contacts/contact/<path:object_id>/change/ 302 403 302 302 302
GET    /admin/contacts/contact/<path:object_id>/ 302 302 302 302 302
GET    /admin/contacts/tag/ 302 200 200 200 200
GET    /admin/contacts/tag/add/ 302 403 200 200 200
POST   /admin/contacts/tag/add/ 302 403 200 200 200
GET    /admin/contacts/tag/<path:object_id>/history/ 302 200 200 200 200
POST   /admin/contacts/tag/<path:object_id>/delete/ 302 403 403 302 302
GET    /admin/contacts/tag/<path:object_id>/change/ 302 200 200 200 200
POST   /admin/contacts/tag/<path:object_id>/change/ 302 403 200 200 200
GET    /admin/contacts/tag/<path:object_id>/ 302 302 302 302 302
GET    /admin/contacts/contact/<int:contact_id>/data/ 302 403 200 200 200
GET    /admin/contacts/contact/<int:contact_id>/erase/ 302 403 403 200 200
POST   /admin/contacts/contact/<int:contact_id>/erase/ 302 403 403 422 422
GET    /admin/contacts/contact/<int:contact_id>/merge/ 302 403 200 200 200
POST   /admin/contacts/contact/<int:contact_id>/merge/ 302 403 422 422 422
POST   /admin/contacts/contact/<int:contact_id>/lists/ 302 403 302 302 302
GET    /admin/contacts/contact/import/ 302 403 200 200 200
POST   /admin/contacts/contact/import/ 302 403 422 422 422
GET    /admin/contacts/contact/import/<int:import_id>/ 302 403 200 200 200
POST   /admin/contacts/contact/import/<int:import_id>/ 302 403 200 200 200
GET    /admin/contacts/contact/import/<int:import_id>/progress/ 302 403 404 404 404
POST   /admin/contacts/contact/import/<int:import_id>/cancel/ 302 403 302 302 302
GET    /admin/contacts/contact/import/<int:import_id>/errors/ 302 403 404 404 404
GET    /admin/contacts/contactlist/ 302 200 200 200 200
GET    /admin/contacts/contactlist/add/ 302 403 200 200 200
POST   /admin/contacts/contactlist/add/ 302 403 200 200 200
GET    /admin/contacts/contactlist/<path:object_id>/history/ 302 200 200 200 200
POST   /admin/contacts/contactlist/<path:object_id>/delete/ 302 403 403 302 302
GET    /admin/contacts/contactlist/<path:object_id>/change/ 302 200 200 200 200
POST   /admin/contacts/contactlist/<path:object_id>/change/ 302 403 200 200 200
GET    /admin/contacts/contactlist/<path:object_id>/ 302 302 302 302 302
GET    /admin/subscriptions/recurringpayment/export/ 302 403 200 200 200
GET    /admin/subscriptions/recurringpayment/ 302 200 200 200 200
GET    /admin/subscriptions/recurringpayment/add/ 302 403 403 403 403
POST   /admin/subscriptions/recurringpayment/add/ 302 403 403 403 403
GET    /admin/subscriptions/recurringpayment/<path:object_id>/history/ 302 200 200 200 200
POST   /admin/subscriptions/recurringpayment/<path:object_id>/delete/ 302 403 403 403 403
GET    /admin/subscriptions/recurringpayment/<path:object_id>/change/ 302 302 302 302 302
POST   /admin/subscriptions/recurringpayment/<path:object_id>/change/ 302 302 302 302 302
GET    /admin/subscriptions/recurringpayment/<path:object_id>/ 302 302 302 302 302
GET    /admin/integrations/connection/<int:connection_id>/inbox/ 302 200 200 200 200
POST   /admin/integrations/connection/<int:connection_id>/inbox/retry/ 302 403 302 302 302
GET    /admin/integrations/connection/<int:connection_id>/syncs/ 302 200 200 200 200
GET    /admin/integrations/connection/<int:connection_id>/audit/ 302 403 403 403 200
POST   /admin/integrations/connection/<int:connection_id>/pause/ 302 403 403 403 302
POST   /admin/integrations/connection/<int:connection_id>/resume/ 302 403 403 403 302
GET    /admin/integrations/connection/<int:connection_id>/disconnect/ 302 403 403 403 200
POST   /admin/integrations/connection/<int:connection_id>/disconnect/ 302 403 403 403 200
POST   /admin/integrations/connection/<int:connection_id>/webhook/rotate/ 302 403 403 403 404
POST   /admin/integrations/connection/<int:connection_id>/reconcile/start/ 302 403 403 403 404
GET    /admin/integrations/connection/<int:connection_id>/reconcile/progress/ 302 200 200 200 200
POST   /admin/integrations/connection/<int:connection_id>/sync/start/ 302 403 403 403 302
POST   /admin/integrations/connection/<int:connection_id>/sync/cancel/ 302 403 403 403 302
POST   /admin/integrations/connection/<int:connection_id>/sync/resume/ 302 403 403 403 302
GET    /admin/integrations/connection/<int:connection_id>/sync/progress/ 302 200 200 200 200
POST   /admin/integrations/connection/<int:connection_id>/webhook/register/ 302 403 403 403 302
POST   /admin/integrations/connection/<int:connection_id>/keys/issue/ 302 403 403 403 200
POST   /admin/integrations/connection/<int:connection_id>/keys/<int:key_id>/revoke/ 302 403 403 403 302
GET    /admin/integrations/connection/ 302 200 200 200 200
GET    /admin/integrations/connection/add/ 302 302 302 302 302
POST   /admin/integrations/connection/add/ 302 302 302 302 302
GET    /admin/integrations/connection/<path:object_id>/history/ 302 200 200 200 200
POST   /admin/integrations/connection/<path:object_id>/delete/ 302 403 403 403 302
GET    /admin/integrations/connection/<path:object_id>/change/ 302 302 302 302 200
POST   /admin/integrations/connection/<path:object_id>/change/ 302 403 403 403 200
GET    /admin/integrations/connection/<path:object_id>/ 302 302 302 302 302
POST   /admin/integrations/delivery/<int:delivery_id>/retry/ 302 403 302 302 302
GET    /admin/integrations/delivery/ 302 200 200 200 200
GET    /admin/integrations/delivery/add/ 302 403 403 403 403
POST   /admin/integrations/delivery/add/ 302 403 403 403 403
GET    /admin/integrations/delivery/<path:object_id>/history/ 302 200 200 200 200
POST   /admin/integrations/delivery/<path:object_id>/delete/ 302 403 403 403 403
GET    /admin/integrations/delivery/<path:object_id>/change/ 302 200 200 200 200
POST   /admin/integrations/delivery/<path:object_id>/change/ 302 403 403 403 403
GET    /admin/integrations/delivery/<path:object_id>/ 302 302 302 302 302
GET    /admin/auth/user/<id>/password/ 302 403 403 403 200
POST   /admin/auth/user/<id>/password/ 302 403 403 403 200
GET    /admin/auth/user/ 302 403 403 403 200
GET    /admin/auth/user/add/ 302 403 403 403 200
POST   /admin/auth/user/add/ 302 403 403 403 200
GET    /admin/auth/user/<path:object_id>/history/ 302 403 403 403 200
POST   /admin/auth/user/<path:object_id>/delete/ 302 403 403 403 302
GET    /admin/auth/user/<path:object_id>/change/ 302 403 403 403 200
POST   /admin/auth/user/<path:object_id>/change/ 302 403 403 403 200
GET    /admin/auth/user/<path:object_id>/ 302 302 302 302 302
GET    /admin/auth/group/ 302 403 403 403 403
GET    /admin/auth/group/add/ 302 403 403 403 403
POST   /admin/auth/group/add/ 302 403 403 403 403
GET    /admin/auth/group/<path:object_id>/history/ 302 403 403 403 403
POST   /admin/auth/group/<path:object_id>/delete/ 302 403 403 403 403
GET    /admin/auth/group/<path:object_id>/change/ 302 403 403 403 403
POST   /admin/auth/group/<path:object_id>/change/ 302 403 403 403 403
GET    /admin/auth/group/<path:object_id>/ 302 302 302 302 302
GET    /admin/^(?P<app_label>audit|contacts|subscriptions|integrations|auth)/$ 302 200 200 200 200
GET    /admin/(?P<url>.*)$ 302 404 404 404 404
"""

API = r"""
GET    /api/v1/recurring-payments 401 200 200 401 200 200 200 200
POST   /api/v1/recurring-payments/bulk 401 403 200 401 200 200 200 200
GET    /api/v1/recurring-payments/<any:store_recurring_payment_id> 401 200 200 401 200 200 200 200
PUT    /api/v1/recurring-payments/<any:store_recurring_payment_id> 401 403 200 401 200 200 200 200
PATCH  /api/v1/recurring-payments/<any:store_recurring_payment_id> 401 403 200 401 200 200 200 200
DELETE /api/v1/recurring-payments/<any:store_recurring_payment_id> 401 403 204 401 204 204 204 204
GET    /api/v1/batches/<uuid:batch_id> 401 200 200 401 200 200 200 200
GET    /api/v1/contacts 401 200 200 401 200 200 200 200
GET    /api/v1/contacts/<int:contact_id> 401 200 200 401 200 200 200 200
GET    /api/v1/lists 401 200 200 401 200 200 200 200
GET    /api/v1/connections 401 200 200 401 200 200 200 200
GET    /api/v1/connections/<int:connection_id> 401 200 200 401 200 200 200 200
GET    /api/v1/field-order 401 200 200 401 200 200 200 200
GET    /api/v1/segments 401 403 403 401 403 200 403 403
POST   /api/v1/segments 401 403 403 401 403 201 403 403
GET    /api/v1/segments/schema 401 403 403 401 403 200 403 403
POST   /api/v1/segments/count 401 403 403 401 403 200 403 403
POST   /api/v1/segments/people 401 403 403 401 403 200 403 403
POST   /api/v1/segments/people/<int:contact_id> 401 403 403 401 403 200 403 403
GET    /api/v1/segments/<int:segment_id> 401 403 403 401 403 200 403 403
PUT    /api/v1/segments/<int:segment_id> 401 403 403 401 403 200 403 403
GET    /api/v1/segments/<int:segment_id>/count 401 403 403 401 403 200 403 403
GET    /api/v1/segments/<int:segment_id>/people 401 403 403 401 403 200 403 403
GET    /api/v1/segments/<int:segment_id>/people/<int:contact_id> 401 403 403 401 403 200 403 403
DELETE /api/v1/segments/<int:segment_id> 401 403 403 401 403 204 403 403
GET    /api/v1/automations 401 403 403 401 403 403 200 403
POST   /api/v1/automations 401 403 403 401 403 403 201 403
GET    /api/v1/automations/schema 401 403 403 401 403 403 200 403
GET    /api/v1/automations/<int:automation_id> 401 403 403 401 403 403 200 403
PUT    /api/v1/automations/<int:automation_id> 401 403 403 401 403 403 200 403
DELETE /api/v1/automations/<int:automation_id> 401 403 403 401 403 403 409 403
GET    /api/v1/automations/<int:automation_id>/movings 401 403 403 401 403 403 200 403
POST   /api/v1/automations/<int:automation_id>/publish 401 403 403 401 403 403 200 403
POST   /api/v1/automations/<int:automation_id>/pause 401 403 403 401 403 403 200 403
POST   /api/v1/automations/<int:automation_id>/resume 401 403 403 401 403 403 200 403
GET    /api/v1/automations/<int:automation_id>/people 401 403 403 401 403 403 200 403
POST   /api/v1/automations/<int:automation_id>/people 401 403 403 401 403 403 201 403
GET    /api/v1/automations/<int:automation_id>/people/<int:way_id> 401 403 403 401 403 403 200 403
POST   /api/v1/automations/<int:automation_id>/people/<int:way_id>/retry 401 403 403 401 403 403 200 403
POST   /api/v1/automations/<int:automation_id>/people/<int:way_id>/skip 401 403 403 401 403 403 200 403
POST   /api/v1/automations/<int:automation_id>/people/<int:way_id>/end 401 403 403 401 403 403 200 403
POST   /api/v1/automations/<int:automation_id>/archive 401 403 403 401 403 403 200 403
POST   /api/v1/automations/<int:automation_id>/take-out 401 403 403 401 403 403 200 403
GET    /api/v1/reports 401 403 403 401 403 403 403 200
POST   /api/v1/reports 401 403 403 401 403 403 403 201
POST   /api/v1/reports/run 401 403 403 401 403 403 403 200
GET    /api/v1/reports/description 401 403 403 401 403 403 403 200
GET    /api/v1/reports/schema 401 403 403 401 403 403 403 200
GET    /api/v1/reports/<int:report_id> 401 403 403 401 403 403 403 200
PUT    /api/v1/reports/<int:report_id> 401 403 403 401 403 403 403 200
GET    /api/v1/reports/<int:report_id>/result 401 403 403 401 403 403 403 200
POST   /api/v1/reports/<int:report_id>/archive 401 403 403 401 403 403 403 200
POST   /api/v1/reports/<int:report_id>/take-out 401 403 403 401 403 403 403 200
DELETE /api/v1/reports/<int:report_id> 401 403 403 401 403 403 403 204
POST   /api/3/ecom/graphql 403 200 200 403 200 200 200 200
GET    /api/3/connections 403 200 200 403 200 200 200 200
POST   /api/3/connections 403 403 403 403 201 201 201 201
GET    /api/3/connections/<int:connection_id> 403 200 200 403 200 200 200 200
PUT    /api/3/connections/<int:connection_id> 403 403 200 403 200 200 200 200
DELETE /api/3/connections/<int:connection_id> 403 403 403 403 200 200 200 200
GET    /api/v1/<any:rest> 404 404 404 404 404 404 404 404
GET    /api/v1/ 404 404 404 404 404 404 404 404
GET    /api/v1 404 404 404 404 404 404 404 404
GET    /api/3/<any:rest> 404 404 404 404 404 404 404 404
POST   /hooks/<slug:provider>/<str:token>/ 400 400 400 400 400 400 400 400
"""


def rows(table: str, columns: tuple[str, ...]) -> list[Row]:
    """Read a table: method, route, and what each column is answered."""
    lines = [line.split() for line in table.strip().splitlines()]
    return [(method, route, dict(zip(columns, map(int, told), strict=True))) for method, route, *told in lines]


def routes(urls: Any = None, prefix: str = "") -> Iterator[str]:
    """Name every route that the site knows."""
    for one in (urls or get_resolver()).url_patterns:
        route = f"{prefix}{one.pattern}"
        if isinstance(one, URLPattern):
            yield f"/{re.sub(r'\\s', '', route)}"
        else:
            yield from routes(one, route)


def path(route: str, known: dict[str, Any]) -> str:
    """Fill a route with the ids that are known, by the model or by the name of the parameter."""
    model = re.match(r"/admin/\w+/(\w+)/<", route)
    ids = known | {"object_id": known.get(model[1], 0) if model else 0, "id": known["user"]}
    plain = re.sub(r"\^?\(\?P<(\w+)>.*\)/?\$", r"<\1>", route)  # of the two routes that are patterns
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), plain)
