using System;
using System.Collections.Frozen;

namespace Sidecar.Config.Schema;

/// <summary>
/// Rules of the protos that we compile which newer versions of the API dropped. Control planes of today rely on that, so they are not
/// enforced: rejecting what today's Envoy takes would break a working mesh.
/// </summary>
internal static class RelaxedRules
{
    private static readonly FrozenSet<string> s_names = FrozenSet.ToFrozenSet(
        [
            // A descriptor without a value matches any.
            "envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.Entry.value",

            // Without a key the default value holds.
            "envoy.config.core.v3.RuntimeDouble.runtime_key",
            "envoy.config.core.v3.RuntimeFeatureFlag.runtime_key",
            "envoy.config.core.v3.RuntimePercent.runtime_key",
            "envoy.config.core.v3.RuntimeUInt32.runtime_key",

            // Newer fields stand in for these.
            "envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig.common_config",
            "envoy.extensions.filters.http.lua.v3.LuaPerRoute.override",
        ],
        StringComparer.Ordinal);

    /// <summary>True if the rule of a field or oneof of <paramref name="message"/> is not enforced.</summary>
    internal static bool Contains(string message, string member) => s_names.Contains($"{message}.{member}");
}
