"""Static files under names that change with their content, modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites the imports of ES modules, so that a browser may keep each of them for ever."""

    support_js_module_import_aggregation = True
