using System.Reflection;

namespace Sidecar.Server;

/// <summary>Which build this is. Thread: any.</summary>
public static class BuildInfo
{
    /// <summary>As <c>--version</c>, the admin and the node's user agent show it.</summary>
    public static string Version { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
