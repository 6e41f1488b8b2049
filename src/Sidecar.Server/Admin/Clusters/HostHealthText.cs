using System;
using System.Collections.Generic;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Server.Admin.Clusters;

/// <summary>The words for a host's health flags. Thread: any.</summary>
internal static class HostHealthText
{
    /// <summary>In the order in which <c>/clusters</c> prints them, with the field of <c>envoy.admin.v3.HostHealthStatus</c>.</summary>
    private static readonly (HostHealthFlags Flag, string Text, string? Json)[] s_flags =
    [
        (HostHealthFlags.FailedActiveHc, "/failed_active_hc", "failed_active_health_check"),
        (HostHealthFlags.FailedOutlierCheck, "/failed_outlier_check", "failed_outlier_check"),
        (HostHealthFlags.FailedEdsHealth, "/failed_eds_health", null),
        (HostHealthFlags.DegradedActiveHc, "/degraded_active_hc", "failed_active_degraded_check"),
        (HostHealthFlags.DegradedEdsHealth, "/degraded_eds_health", null),
        (HostHealthFlags.PendingDynamicRemoval, "/pending_dynamic_removal", "pending_dynamic_removal"),
        (HostHealthFlags.PendingActiveHc, "/pending_active_hc", "pending_active_hc"),
        (HostHealthFlags.ExcludedViaImmediateHcFail, "/excluded_via_immediate_hc_fail", "excluded_via_immediate_hc_fail"),
        (HostHealthFlags.ActiveHcTimeout, "/active_hc_timeout", "active_hc_timeout"),
        (HostHealthFlags.EdsStatusDraining, "/eds_status_draining", null),
    ];

    /// <summary><c>healthy</c>, or every flag behind a slash.</summary>
    public static string Describe(HostHealthFlags flags)
    {
        string text = string.Empty;
        foreach ((HostHealthFlags flag, string name, _) in s_flags)
        {
            text += (flags & flag) != 0 ? name : string.Empty;
        }

        return text.Length > 0 ? text : "healthy";
    }

    /// <summary>The boolean fields of <c>HostHealthStatus</c> that are true.</summary>
    public static IEnumerable<string> JsonFields(HostHealthFlags flags)
    {
        foreach ((HostHealthFlags flag, _, string? field) in s_flags)
        {
            if (field is not null && (flags & flag) != 0)
            {
                yield return field;
            }
        }
    }

    /// <summary>What discovery says, as <c>envoy.config.core.v3.HealthStatus</c>.</summary>
    public static string EdsHealth(HostHealthFlags flags)
    {
        ReadOnlySpan<(HostHealthFlags Flag, string Text)> states =
        [
            (HostHealthFlags.FailedEdsHealth, "UNHEALTHY"),
            (HostHealthFlags.EdsStatusDraining, "DRAINING"),
            (HostHealthFlags.DegradedEdsHealth, "DEGRADED"),
        ];
        foreach ((HostHealthFlags flag, string text) in states)
        {
            if ((flags & flag) != 0)
            {
                return text;
            }
        }

        return "HEALTHY";
    }
}
