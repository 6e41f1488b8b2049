using System;
using System.Linq;
using System.Text.Json;
using Sidecar.Core.Stats;
using Sidecar.Server.Admin.Clusters;
using Sidecar.Server.Admin.Config;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Server.Tests.Admin.Config;

public sealed class ConfigDumpTests
{
    private const string Cluster = "envoy.config.cluster.v3.Cluster";

    private readonly AdminHarness _admin = new();

    public ConfigDumpTests()
    {
        _admin.Config.SetBootstrap(
            Documents.Encode("envoy.config.bootstrap.v3.Bootstrap", "{node: {id: n}, static_resources: {clusters: [{name: s}]}}"));
        _admin.Config.SetStatic(ConfigKind.Cluster, "s", Documents.Encode(Cluster, "{name: s}"));
        _admin.Config.SetActive(ConfigKind.Cluster, "a", "v1", Documents.Encode(Cluster, "{name: a, connect_timeout: 1s}"));
        _admin.Config.SetWarming(ConfigKind.Cluster, "w", "v2", Documents.Encode(Cluster, "{name: w}"));
        _admin.Config.SetVersion(ConfigKind.Cluster, "v2");
    }

    [Fact]
    public void Dump_HasEnvoysSectionsInOrder()
    {
        JsonElement configs = _admin.GetJson("/config_dump").GetProperty("configs");
        string[] types = [.. configs.EnumerateArray().Select(c => c.GetProperty("@type").GetString()!)];
        Assert.Equal(
            ["Bootstrap", "Clusters", "Listeners", "ScopedRoutes", "Routes", "Secrets"],
            types.Select(t => t["type.googleapis.com/envoy.admin.v3.".Length..].Replace("ConfigDump", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Dump_OfClusters_ShowsEachStateWithItsVersion()
    {
        const string expected = """
            {
             "configs": [
              {
               "@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump",
               "version_info": "v2",
               "static_clusters": [
                {
                 "cluster": {
                  "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
                  "name": "s"
                 },
                 "last_updated": "2030-01-01T00:00:00Z"
                }
               ],
               "dynamic_active_clusters": [
                {
                 "version_info": "v1",
                 "cluster": {
                  "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
                  "name": "a",
                  "connect_timeout": "1s"
                 },
                 "last_updated": "2030-01-01T00:00:00Z"
                }
               ],
               "dynamic_warming_clusters": [
                {
                 "version_info": "v2",
                 "cluster": {
                  "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
                  "name": "w"
                 },
                 "last_updated": "2030-01-01T00:00:00Z"
                }
               ]
              }
             ]
            }
            """;
        const string mask = "version_info,static_clusters,dynamic_active_clusters,dynamic_warming_clusters";
        Assert.Equal(expected, _admin.Get("/config_dump?mask=" + mask).Text.Replace(ListenersSection, "", StringComparison.Ordinal));
    }

    /// <summary>The mask's version_info is a field of this one too.</summary>
    private const string ListenersSection = """
        ,
          {
           "@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump"
          }
        """;

    [Fact]
    public void Dump_OfBootstrap_ShowsIt()
    {
        JsonElement bootstrap = _admin.GetJson("/config_dump").GetProperty("configs")[0];
        Assert.Equal("n", bootstrap.GetProperty("bootstrap").GetProperty("node").GetProperty("id").GetString());
        Assert.Equal("2030-01-01T00:00:00Z", bootstrap.GetProperty("last_updated").GetString());
    }

    [Fact]
    public void Dump_OfListener_ShowsItsStatesAndItsError()
    {
        const string listener = "envoy.config.listener.v3.Listener";
        _admin.Config.SetActive(ConfigKind.Listener, "l", "v1", Documents.Encode(listener, "{name: l, stat_prefix: one}"));
        _admin.Config.SetWarming(ConfigKind.Listener, "l", "v2", Documents.Encode(listener, "{name: l, stat_prefix: two}"));
        byte[] rejected = Documents.Encode(listener, "{name: l, stat_prefix: three}");
        _admin.Config.Reject(ConfigKind.Listener, "l", "v3", rejected, "listener l: no filter chain");
        JsonElement dump = Assert.Single(_admin.GetJson("/config_dump?resource=dynamic_listeners").GetProperty("configs").EnumerateArray());
        Assert.Equal("type.googleapis.com/envoy.admin.v3.ListenersConfigDump.DynamicListener", dump.GetProperty("@type").GetString());
        Assert.Equal("l", dump.GetProperty("name").GetString());
        Assert.Equal("one", dump.GetProperty("active_state").GetProperty("listener").GetProperty("stat_prefix").GetString());
        Assert.Equal("v2", dump.GetProperty("warming_state").GetProperty("version_info").GetString());
        JsonElement error = dump.GetProperty("error_state");
        Assert.Equal("three", error.GetProperty("failed_configuration").GetProperty("stat_prefix").GetString());
        Assert.Equal("listener l: no filter chain", error.GetProperty("details").GetString());
        Assert.Equal("v3", error.GetProperty("version_info").GetString());
        Assert.False(dump.TryGetProperty("draining_state", out _));
    }

    [Fact]
    public void Dump_OfSecret_IsRedacted()
    {
        byte[] secret = Documents.Encode(
            "envoy.extensions.transport_sockets.tls.v3.Secret", "{name: s, tls_certificate: {private_key: {inline_string: hunter2}}}");
        _admin.Config.SetActive(ConfigKind.Secret, "s", "1", secret);
        string text = _admin.Get("/config_dump").Text;
        Assert.Contains("[redacted]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Resource_WithMask_ShowsThoseFieldsOfEachElement()
    {
        JsonElement config = Assert.Single(
            _admin.GetJson("/config_dump?resource=dynamic_active_clusters&mask=cluster.name").GetProperty("configs").EnumerateArray());
        const string expected = """
            {"@type":"type.googleapis.com/envoy.admin.v3.ClustersConfigDump.DynamicCluster",
            "cluster":{"@type":"type.googleapis.com/envoy.config.cluster.v3.Cluster","name":"a"}}
            """;
        Assert.Equal(expected.Replace("\n", "", StringComparison.Ordinal), JsonSerializer.Serialize(config));
    }

    [Theory]
    [InlineData("name_regex=a", "a")]
    [InlineData("name_regex=.*", "a,s,w")]
    [InlineData("name_regex=a%7Cw", "a,w")]
    [InlineData("name_regex=z", "")]
    public void NameRegex_Given_MatchesWholeNames(string query, string names)
    {
        JsonElement clusters = _admin.GetJson("/config_dump?" + query).GetProperty("configs")[1];
        string[] found = [.. clusters.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array)
            .SelectMany(p => p.Value.EnumerateArray()).Select(e => e.GetProperty("cluster").GetProperty("name").GetString()!).Order()];
        Assert.Equal(names, string.Join(',', found));
    }

    [Theory]
    [InlineData("resource=nope", 404, "nope not found in config dump")]
    [InlineData("resource=bootstrap", 400, "bootstrap is not a repeated field. Use ?mask=bootstrap to get only this field")]
    [InlineData("mask=nope", 400, "FieldMask nope could not be successfully applied to any configs.")]
    [InlineData("resource=static_clusters&mask=nope", 400, "FieldMask nope could not be successfully used.")]
    [InlineData("name_regex=(", 400, "Error while parsing name_regex from (:")]
    [InlineData("name_regex=(a)%5C1", 400, "Error while parsing name_regex from (a)\\1:")]
    public void Parameters_Bad_AreRefused(string query, int status, string text)
    {
        AdminAnswer answer = _admin.Get("/config_dump?" + query);
        Assert.Equal(status, answer.Status);
        Assert.StartsWith(text, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void NameRegex_TooLong_IsRefused() =>
        Assert.Equal(400, _admin.Get("/config_dump?name_regex=" + new string('a', NameFilter.MaxPatternChars + 1)).Status);

    [Theory]
    [InlineData(false, "static_endpoint_configs")]
    [InlineData(true, "dynamic_endpoint_configs")]
    public void IncludeEds_ShowsTheHostsInUse(bool addedViaApi, string field)
    {
        var hosts = new ClusterHosts(new StatStore(), CommonLbSettings.Default, HostIdentity.Address);
        hosts.Update(new LoadAssignmentModel
        {
            Localities =
            [
                new LocalityEndpointsModel(new Locality("r", "", ""), 0, 0,
                    [new HostModel { Address = Documents.Ip("10.0.0.1", 80), Weight = 3, HealthStatus = EndpointHealthStatus.Unhealthy }]),
            ],
        });
        var model = new ClusterModel { Name = "c", EdsServiceName = "svc", AddedViaApi = addedViaApi };
        _admin.Clusters.Clusters.Add(new ClusterView(model, hosts.Current));
        JsonElement configs = _admin.GetJson($"/config_dump?include_eds&resource={field}").GetProperty("configs");
        JsonElement assignment = Assert.Single(configs.EnumerateArray()).GetProperty("endpoint_config");
        const string expected = """
            {"@type":"type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment","cluster_name":"svc",
            "endpoints":[{"locality":{"region":"r"},
            "lb_endpoints":[{"endpoint":{"address":{"socket_address":{"address":"10.0.0.1","port_value":80}}},
            "health_status":"UNHEALTHY","load_balancing_weight":3}]}],"policy":{"overprovisioning_factor":140}}
            """;
        Assert.Equal(expected.Replace("\n", "", StringComparison.Ordinal), JsonSerializer.Serialize(assignment));
    }

    [Fact]
    public void IncludeEds_NotAsked_LeavesEndpointsOut()
    {
        _admin.Clusters.Clusters.Add(new ClusterView(new ClusterModel { Name = "c" }, PrioritySet.Empty));
        Assert.DoesNotContain("EndpointsConfigDump", _admin.Get("/config_dump").Text, StringComparison.Ordinal);
        Assert.Contains("EndpointsConfigDump", _admin.Get("/config_dump?include_eds").Text, StringComparison.Ordinal);
    }
}
