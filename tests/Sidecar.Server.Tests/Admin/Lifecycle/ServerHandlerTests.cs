using System.Text.Json;
using Sidecar.Server.Admin;

namespace Sidecar.Server.Tests.Admin.Lifecycle;

public sealed class ServerHandlerTests
{
    private readonly AdminHarness _admin = new();

    [Theory]
    [InlineData(ServerLifecycle.Live, 200, "LIVE\n")]
    [InlineData(ServerLifecycle.Draining, 503, "DRAINING\n")]
    [InlineData(ServerLifecycle.PreInitializing, 503, "PRE_INITIALIZING\n")]
    [InlineData(ServerLifecycle.Initializing, 503, "INITIALIZING\n")]
    public void Ready_InState_AnswersItsNameAndStatus(ServerLifecycle lifecycle, int status, string text)
    {
        _admin.Server.State = lifecycle;
        AdminAnswer answer = _admin.Get("/ready");
        Assert.Equal((status, text), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("/quitquitquit", "shutdown")]
    [InlineData("/healthcheck/fail", "health check failed: True")]
    [InlineData("/healthcheck/ok", "health check failed: False")]
    [InlineData("/reopen_logs", "reopen")]
    public void Command_Posted_IsCarriedOut(string path, string call)
    {
        AdminAnswer answer = _admin.Post(path);
        Assert.Equal((200, "OK\n"), (answer.Status, answer.Text));
        Assert.Equal([call], _admin.Server.Calls);
    }

    [Fact]
    public void ServerInfo_HasStateOptionsAndNode()
    {
        JsonElement info = _admin.GetJson("/server_info");
        Assert.Equal("0.1.0", info.GetProperty("version").GetString());
        Assert.Equal("LIVE", info.GetProperty("state").GetString());
        Assert.Equal("disabled", info.GetProperty("hot_restart_version").GetString());
        Assert.Equal("61s", info.GetProperty("uptime_current_epoch").GetString());
        Assert.Equal("61s", info.GetProperty("uptime_all_epochs").GetString());
        Assert.Equal("n1", info.GetProperty("node").GetProperty("id").GetString());
        JsonElement options = info.GetProperty("command_line_options");
        Assert.Equal("0", options.GetProperty("base_id").GetString());
        Assert.Equal(2, options.GetProperty("concurrency").GetInt32());
        Assert.Equal("/etc/sidecar.yaml", options.GetProperty("config_path").GetString());
        Assert.Equal("1.500s", options.GetProperty("file_flush_interval").GetString());
        Assert.Equal("600s", options.GetProperty("drain_time").GetString());
        Assert.Equal("Gradual", options.GetProperty("drain_strategy").GetString());
        Assert.Equal("Serve", options.GetProperty("mode").GetString());
        Assert.Equal("v4", options.GetProperty("local_address_ip_version").GetString());
    }

    [Fact]
    public void Json_IsIndentedByOneSpace() =>
        Assert.StartsWith("{\n \"version\": \"0.1.0\",\n", _admin.Get("/server_info").Text, System.StringComparison.Ordinal);

    [Fact]
    public void Memory_HasEnvoysFieldsAsText()
    {
        JsonElement memory = _admin.GetJson("/memory");
        string[] fields = ["allocated", "heap_size", "pageheap_unmapped", "pageheap_free", "total_thread_cache", "total_physical_bytes"];
        foreach (string field in fields)
        {
            Assert.True(long.Parse(memory.GetProperty(field).GetString()!, System.Globalization.CultureInfo.InvariantCulture) >= 0, field);
        }

        Assert.NotEqual("0", memory.GetProperty("total_physical_bytes").GetString());
    }

    [Theory]
    [InlineData("/cpuprofiler?enable=y", 500)]
    [InlineData("/cpuprofiler?enable=n", 200)]
    [InlineData("/cpuprofiler?enable=maybe", 400)]
    [InlineData("/cpuprofiler", 400)]
    public void CpuProfiler_Posted_SaysThatThereIsNone(string target, int status) => Assert.Equal(status, _admin.Post(target).Status);

    [Fact]
    public void Contention_IsNotTraced()
    {
        AdminAnswer answer = _admin.Get("/contention");
        Assert.Equal(503, answer.Status);
        Assert.Contains("not enabled", answer.Text, System.StringComparison.Ordinal);
    }

    [Fact]
    public void HotRestartVersion_WithoutHotRestart_IsDisabled() => Assert.Equal("disabled", _admin.Get("/hot_restart_version").Text);

    [Fact]
    public void Certs_WithoutTls_AreEmpty() => Assert.Equal("{\n \"certificates\": []\n}", _admin.Get("/certs").Text);

    [Theory]
    [InlineData("/init_dump", 2)]
    [InlineData("/init_dump?mask=listener", 1)]
    public void InitDump_ListsUnreadyTargets(string target, int count)
    {
        _admin.Init.All.Add(new UnreadyTargets("Server", ["LDS"]));
        _admin.Init.All.Add(new UnreadyTargets("Listener l1", ["RdsRouteConfigSubscription init r1"]));
        JsonElement dumps = _admin.GetJson(target).GetProperty("unready_targets_dumps");
        Assert.Equal(count, dumps.GetArrayLength());
        Assert.Equal("RdsRouteConfigSubscription init r1", dumps[count - 1].GetProperty("target_names")[0].GetString());
    }

    [Fact]
    public void InitDump_UnknownMask_IsRefused() => Assert.Equal(400, _admin.Get("/init_dump?mask=cluster").Status);
}
