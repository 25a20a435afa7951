"""Static files under names that change with their content, also where one script imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """A browser keeps each file for good: an import names the content that it was written for."""

    support_js_module_import_aggregation = True
