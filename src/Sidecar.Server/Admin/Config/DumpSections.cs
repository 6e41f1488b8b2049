using System;
using System.Collections.Generic;
using Sidecar.Config.Schema;
using Sidecar.Server.Admin.Clusters;

namespace Sidecar.Server.Admin.Config;

/// <summary>The sections of <c>/config_dump</c> from the tracked configuration. Thread: main.</summary>
internal sealed class DumpSections(SchemaTable table, ConfigTracker tracker, ClusterSource clusters)
{
    /// <summary>All sections as of now, in Envoy's order.</summary>
    /// <param name="names">Which resources are listed.</param>
    /// <param name="includeEds">Adds the endpoints.</param>
    public List<DumpSection> Create(NameFilter names, bool includeEds)
    {
        List<DumpSection> sections = [];
        if (tracker.Bootstrap is { } bootstrap)
        {
            sections.Add(Bootstrap(bootstrap));
        }

        sections.Add(Clusters(Entries(ConfigKind.Cluster, names)));
        if (includeEds)
        {
            AddEndpoints(sections, names);
        }

        sections.Add(Listeners(Entries(ConfigKind.Listener, names)));
        sections.Add(ScopedRoutes(Entries(ConfigKind.ScopedRoute, names)));
        sections.Add(Routes(Entries(ConfigKind.Route, names)));
        sections.Add(Secrets(Entries(ConfigKind.Secret, names)));
        return sections;
    }

    private static bool IsActive(ConfigEntry e) => !e.IsStatic && e.Active is not null;

    /// <summary>What was never accepted has no other place than among those that wait.</summary>
    private static bool IsWarming(ConfigEntry e) => e.Warming is not null || (e.Latest is null && e.Failure is not null);

    private ConfigEntry[] Entries(ConfigKind kind, NameFilter names) => Array.FindAll(tracker.Snapshot(kind), e => names.Matches(e.Name));

    private DumpSection Bootstrap(ConfigVersion bootstrap)
    {
        // The message has the same shape as an element, but holds the bootstrap itself instead of an Any.
        var timestamp = new Google.Protobuf.WellKnownTypes.Timestamp
        {
            Seconds = bootstrap.UpdatedUnixNs / 1_000_000_000,
            Nanos = (int)(bootstrap.UpdatedUnixNs % 1_000_000_000 / 1_000_000 * 1_000_000),
        };
        return new DumpSectionBuilder(table, "BootstrapConfigDump")
            .Messages("bootstrap", [bootstrap.Resource.ToArray()])
            .Messages("last_updated", [Google.Protobuf.MessageExtensions.ToByteArray(timestamp)])
            .Build();
    }

    private DumpSection Clusters(ConfigEntry[] entries) =>
        new DumpSectionBuilder(table, "ClustersConfigDump")
            .Text("version_info", tracker.VersionOf(ConfigKind.Cluster))
            .Resources("static_clusters", entries, static e => e.IsStatic, static e => e.Active)
            .Resources("dynamic_active_clusters", entries, IsActive, static e => e.Active)
            .Resources("dynamic_warming_clusters", entries, IsWarming, static e => e.Warming)
            .Build();

    private DumpSection Listeners(ConfigEntry[] entries) =>
        new DumpSectionBuilder(table, "ListenersConfigDump")
            .Text("version_info", tracker.VersionOf(ConfigKind.Listener))
            .Resources("static_listeners", entries, static e => e.IsStatic, static e => e.Active)
            .Resources("dynamic_listeners", entries, static e => !e.IsStatic, static _ => null)
            .Build();

    private DumpSection Routes(ConfigEntry[] entries) =>
        new DumpSectionBuilder(table, "RoutesConfigDump")
            .Resources("static_route_configs", entries, static e => e.IsStatic, static e => e.Active)
            .Resources("dynamic_route_configs", entries, IsActive, static e => e.Active)
            .Build();

    private DumpSection ScopedRoutes(ConfigEntry[] entries) =>
        new DumpSectionBuilder(table, "ScopedRoutesConfigDump")
            .Resources("inline_scoped_route_configs", entries, static e => e.IsStatic, static e => e.Active)
            .Resources("dynamic_scoped_route_configs", entries, IsActive, static e => e.Active)
            .Build();

    private DumpSection Secrets(ConfigEntry[] entries) =>
        new DumpSectionBuilder(table, "SecretsConfigDump")
            .Resources("static_secrets", entries, static e => e.IsStatic, static e => e.Active)
            .Resources("dynamic_active_secrets", entries, IsActive, static e => e.Active)
            .Resources("dynamic_warming_secrets", entries, IsWarming, static e => e.Warming)
            .Build();

    private void AddEndpoints(List<DumpSection> sections, NameFilter names)
    {
        ClusterView[] all = [.. clusters.Active];
        if (all.Length == 0)
        {
            return;
        }

        ClusterView[] listed = Array.FindAll(all, c => names.Matches(c.EdsName));
        sections.Add(new DumpSectionBuilder(table, "EndpointsConfigDump")
            .Messages("static_endpoint_configs", EndpointDump.Elements(listed, addedViaApi: false))
            .Messages("dynamic_endpoint_configs", EndpointDump.Elements(listed, addedViaApi: true))
            .Build());
    }
}
