using System.Linq;
using Sidecar.Core.Stats;
using Sidecar.Server.Admin.Clusters;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Server.Tests.Admin.Clusters;

public sealed class ClustersHandlerTests
{
    private readonly AdminHarness _admin = new();

    public ClustersHandlerTests()
    {
        var hosts = new ClusterHosts(_admin.Store, CommonLbSettings.Default, HostIdentity.Address);
        hosts.Update(new LoadAssignmentModel
        {
            Localities =
            [
                new LocalityEndpointsModel(new Locality("r", "z", "s"), 1, 0,
                [
                    new HostModel
                    {
                        Address = Documents.Ip("10.0.0.1", 80), Hostname = "h", Weight = 7, HealthStatus = EndpointHealthStatus.Degraded,
                    },
                ]),
            ],
        });
        Host host = hosts.All().Single();
        host.SetHealthFlags(HostHealthFlags.FailedOutlierCheck, on: true);
        StatBlock stats = _admin.Sheet.Block(host.Stats);
        stats.Add((int)HostStat.RqTotal, 5);
        stats.Add((int)HostStat.CxActive, 2);
        var model = new ClusterModel { Name = "c:1", AltStatName = "alt", EdsServiceName = "svc", AddedViaApi = true };
        _admin.Clusters.Clusters.Add(new ClusterView(model, hosts.Current));
    }

    [Fact]
    public void Clusters_AsText_AreEnvoysLines()
    {
        const string expected = """
            c:1::observability_name::alt
            c:1::default_priority::max_connections::1024
            c:1::default_priority::max_pending_requests::1024
            c:1::default_priority::max_requests::1024
            c:1::default_priority::max_retries::3
            c:1::high_priority::max_connections::1024
            c:1::high_priority::max_pending_requests::1024
            c:1::high_priority::max_requests::1024
            c:1::high_priority::max_retries::3
            c:1::added_via_api::true
            c:1::eds_service_name::svc
            c:1::10.0.0.1:80::cx_active::2
            c:1::10.0.0.1:80::cx_connect_fail::0
            c:1::10.0.0.1:80::cx_total::0
            c:1::10.0.0.1:80::rq_active::0
            c:1::10.0.0.1:80::rq_error::0
            c:1::10.0.0.1:80::rq_success::0
            c:1::10.0.0.1:80::rq_timeout::0
            c:1::10.0.0.1:80::rq_total::5
            c:1::10.0.0.1:80::hostname::h
            c:1::10.0.0.1:80::health_flags::/failed_outlier_check/degraded_eds_health
            c:1::10.0.0.1:80::weight::7
            c:1::10.0.0.1:80::region::r
            c:1::10.0.0.1:80::zone::z
            c:1::10.0.0.1:80::sub_zone::s
            c:1::10.0.0.1:80::canary::false
            c:1::10.0.0.1:80::priority::1
            c:1::10.0.0.1:80::success_rate::-1
            c:1::10.0.0.1:80::local_origin_success_rate::-1

            """;
        Assert.Equal(expected, _admin.Get("/clusters").Text);
    }

    [Fact]
    public void Clusters_AsJson_AreClusterStatuses()
    {
        const string expected = """
            {"cluster_statuses":[{"name":"c:1","added_via_api":true,
            "host_statuses":[{"address":{"socket_address":{"address":"10.0.0.1","port_value":80}},
            "stats":[{"name":"cx_connect_fail"},{"name":"cx_total"},{"name":"rq_error"},{"name":"rq_success"},{"name":"rq_timeout"},
            {"value":"5","name":"rq_total"},{"type":"GAUGE","value":"2","name":"cx_active"},{"type":"GAUGE","name":"rq_active"}],
            "health_status":{"failed_outlier_check":true,"eds_health_status":"DEGRADED"},"weight":7,"hostname":"h","priority":1,
            "locality":{"region":"r","zone":"z","sub_zone":"s"}}],
            "circuit_breakers":{"thresholds":[{"max_connections":1024,"max_pending_requests":1024,"max_requests":1024,"max_retries":3},
            {"priority":"HIGH","max_connections":1024,"max_pending_requests":1024,"max_requests":1024,"max_retries":3}]},
            "observability_name":"alt","eds_service_name":"svc"}]}
            """;
        string compact = System.Text.Json.Nodes.JsonNode.Parse(_admin.Get("/clusters?format=json").Text)!.ToJsonString();
        Assert.Equal(expected.Replace("\n", "", System.StringComparison.Ordinal), compact);
    }

    [Fact]
    public void Clusters_None_AreEmpty()
    {
        _admin.Clusters.Clusters.Clear();
        Assert.Equal("", _admin.Get("/clusters").Text);
        Assert.Equal(0, _admin.GetJson("/clusters?format=json").GetProperty("cluster_statuses").GetArrayLength());
    }

    [Fact]
    public void Clusters_UnknownFormat_IsRefused() => Assert.Equal(400, _admin.Get("/clusters?format=yaml").Status);
}
