using System.Linq;
using System.Text.Json;
using Sidecar.Config.Schema;
using Sidecar.Server.Admin.Config;

namespace Sidecar.Server.Tests.Admin.Config;

/// <summary>The pages that Envoy does not have.</summary>
public sealed class OwnConfigPagesTests
{
    private const string Cluster = "envoy.config.cluster.v3.Cluster";

    private readonly AdminHarness _admin = new();

    [Fact]
    public void Unsupported_ListsTheFieldsOfEachResource()
    {
        _admin.Config.SetBootstrap(Documents.Encode("envoy.config.bootstrap.v3.Bootstrap", "{header_prefix: x}"));
        _admin.Config.SetActive(ConfigKind.Cluster, "c", "1", Documents.Encode(Cluster, "{name: c, upstream_config: {name: u}}"));
        _admin.Config.SetStatic(ConfigKind.Cluster, "s", Documents.Encode(Cluster, "{name: s, upstream_config: {name: u}}"));
        var handler = new UnsupportedConfigHandler(_admin.Config, SupportedFields.Parse(SchemaTable.Api, Cluster + ": name"));
        JsonElement[] resources = [.. Answer(handler, "/config/unsupported").GetProperty("resources").EnumerateArray()];
        Assert.Equal(["", "c"], resources.Select(r => r.GetProperty("name").GetString()));
        Assert.Equal("header_prefix", resources[0].GetProperty("unsupported")[0].GetString());
        Assert.Equal(Cluster, resources[1].GetProperty("type").GetString());
        Assert.Equal("upstream_config", Assert.Single(resources[1].GetProperty("unsupported").EnumerateArray()).GetString());
    }

    [Fact]
    public void Unsupported_NothingSet_IsEmpty() =>
        Assert.Equal("{\n \"resources\": []\n}", _admin.Get("/config/unsupported").Text);

    [Fact]
    public void History_ListsChangesNewestFirst()
    {
        _admin.Config.SetActive(ConfigKind.Cluster, "c", "v1", Documents.Encode(Cluster, "{name: c}"));
        _admin.Time.AdvanceMs(1500);
        _admin.Config.Reject(ConfigKind.Cluster, "c", "v2", default, "no such thing");
        const string expected = """
            {
             "changes": [
              {
               "type": "envoy.config.cluster.v3.Cluster",
               "name": "c",
               "outcome": "rejected",
               "version_info": "v2",
               "time": "2030-01-01T00:00:01.500Z",
               "details": "no such thing"
              },
              {
               "type": "envoy.config.cluster.v3.Cluster",
               "name": "c",
               "outcome": "accepted",
               "version_info": "v1",
               "time": "2030-01-01T00:00:00.000Z",
               "resource": {
                "name": "c"
               }
              }
             ]
            }
            """;
        Assert.Equal(expected, _admin.Get("/config/history?include_resource").Text);
    }

    [Theory]
    [InlineData("outcome=rejected", 1)]
    [InlineData("outcome=removed", 1)]
    [InlineData("type=envoy.config.route.v3.RouteConfiguration", 1)]
    [InlineData("type=type.googleapis.com/envoy.config.cluster.v3.Cluster", 3)]
    [InlineData("name_regex=c.%2A", 3)]
    [InlineData("name_regex=c", 0)]
    public void History_Filtered_ListsTheRest(string query, int count)
    {
        _admin.Config.SetActive(ConfigKind.Cluster, "c1", "1", default);
        _admin.Config.Reject(ConfigKind.Cluster, "c2", "1", default, "x");
        _admin.Config.Remove(ConfigKind.Cluster, "c1");
        _admin.Config.SetActive(ConfigKind.Route, "r", "1", default);
        Assert.Equal(count, _admin.GetJson("/config/history?" + query).GetProperty("changes").GetArrayLength());
    }

    [Theory]
    [InlineData("outcome=lost")]
    [InlineData("outcome=1")]
    [InlineData("type=Cluster")]
    [InlineData("name_regex=%5B")]
    public void History_BadParameters_AreRefused(string query) => Assert.Equal(400, _admin.Get("/config/history?" + query).Status);

    private static JsonElement Answer(UnsupportedConfigHandler handler, string target)
    {
        var body = new System.Buffers.ArrayBufferWriter<byte>();
        var response = new Sidecar.Server.Admin.AdminResponse(body);
        handler.Handle(Sidecar.Server.Admin.AdminRequest.TryCreate("GET", target)!, response);
        while (response.Rest!.WriteNext(body))
        {
        }

        return JsonDocument.Parse(body.WrittenMemory).RootElement;
    }
}
