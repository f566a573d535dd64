"""What can go wrong with forms and submissions: codes that the API and the field client rely on."""

from django.utils.translation import gettext_lazy as _

from core.errors import declare

declare(
    "form_version_taken",
    409,
    _("This version exists already, with other content"),
    _("Version “{version}” of “{title}” was published and is immutable."),
    _("Write a new value into “version” on the settings sheet, and upload the form again."),
)
declare(
    "form_unknown",
    404,
    _("Unknown form"),
    _("There is no form “{form_id}”, version “{version}”, to which you may send."),
    _("Refresh the list of forms on the device; ask a coordinator whether you may fill this form."),
)
declare(
    "form_closed",
    409,
    _("This form is closed"),
    _("“{title}” accepts no more submissions."),
    _("Keep the record on the device and ask a coordinator to open the form again."),
)
declare(
    "form_mismatch",
    400,
    _("The record belongs to another form"),
    _("The record is of form “{form_id}”, version “{version}”; this address takes “{own}”."),
    _("Send it to the address that its own form version names."),
)
declare(
    "xml_refused",
    400,
    _("The XML cannot be read"),
    _("{reason}"),
    _("Nothing was stored. Send well-formed XML without a document type or entities."),
)
declare(
    "instance_id_missing",
    400,
    _("The record has no instance ID"),
    _("Without meta/instanceID a record sent twice could not be told from two records."),
    _("Let the form have its instanceID (the setting omit_instanceID must be off)."),
)
declare(
    "instance_conflict",
    409,
    _("This instance ID is taken by another record"),
    _("Another record came earlier under the instance ID {instance_id}; it is unchanged."),
    _("If content differed, both are kept, and a reviewer will compare them. Keep your copy."),
)
declare(
    "edit_unknown",
    404,
    _("The record that this one changes is not here"),
    _("There is no record of yours with the instance ID {deprecated_id}."),
    _("Send the first record before its change, from the same account."),
)
declare(
    "edit_not_current",
    409,
    _("The record was changed since"),
    _("The record says that it replaces {deprecated_id}, which a later change replaced already."),
    _("Both are kept, and a reviewer will compare them. Keep your copy."),
)
declare(
    "file_conflict",
    409,
    _("Another file came earlier under this name"),
    _("“{name}” of this record was received with other content; the first one is unchanged."),
    _("Keep the file and tell a reviewer."),
)
declare(
    "no_organisation",
    409,
    _("It is unclear for which organisation this is"),
    _("Your account has no role of an organisation in this operation."),
    _("Ask a coordinator to give you one."),
)
declare(
    "form_immutable",
    409,
    _("This version cannot be changed"),
    _("“{title}” is {state}; only a draft takes files."),
    _("Upload the form again with a new version."),
)
declare(
    "attachment_not_named",
    400,
    _("The form does not use this file"),
    _("“{name}” is not named in the form. It needs: {wanted}."),
    _("Rename the file so that it matches exactly, with its ending and its case."),
)
declare(
    "form_version_older",
    409,
    _("This version was published before, and replaced"),
    _("Version “{version}” of “{title}” is superseded; it cannot become current again."),
    _("Write a new value into “version” on the settings sheet, and upload the form again."),
)
declare(
    "app_user_unknown",
    401,
    _("This link no longer works"),
    _("It was revoked, or is not complete."),
    _("Ask the coordinator for a new code, and scan it. What was filled stays on the device."),
)
declare(
    "sign_in_openrosa",
    401,
    _("Sign in first"),
    _("The user name or password is not correct, or is missing."),
    _("Write both into the app's server settings, or scan the code of a Collect account."),
)
declare(
    "second_factor",
    403,
    _("This account signs in with two steps"),
    _("An app can send a password only, and so cannot use this account."),
    _("Ask the coordinator for a Collect account, and scan its code."),
)
declare(
    "form_ambiguous",
    409,
    _("Two operations have a form of this name"),
    _("You fill “{form_id}” in several operations, and the record does not say in which."),
    _("Ask the coordinator for a Collect account of the operation, and send it from there."),
)
