using Sidecar.Core.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Xds.Stats;

/// <summary>Stats below <c>http.&lt;stat_prefix&gt;.rds.&lt;route_config_name&gt;.</c>, besides those of every subscription.</summary>
public enum RdsStat
{
    ConfigReload,
    ConfigReloadTimeMs,
}

/// <summary>The table behind the enum above, line by line.</summary>
public static class RdsStats
{
    public static readonly StatTable Table = new("rds", Counter("config_reload"), Gauge("config_reload_time_ms"));
}
