using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using Sidecar.Core.Stats;
using Sidecar.Server.Admin;
using Sidecar.Server.Admin.Config;
using Sidecar.Testing.Time;

namespace Sidecar.Server.Tests.Admin;

/// <summary>The admin over fakes, without sockets.</summary>
internal sealed class AdminHarness
{
    public AdminHarness()
    {
        Store = new StatStore();
        Sheet = Store.CreateSheet("main");
        Catalog = new StatCatalog(Store, new StatsOptions());
        Config = new ConfigTracker(Time);
        Handlers = AdminHandlers.Create(new AdminSources
        {
            Server = Server,
            Stats = Catalog,
            Config = Config,
            Clusters = Clusters,
            Listeners = Listeners,
            Runtime = Runtime,
            Init = Init,
        });
    }

    public AdminHandlers Handlers { get; }

    public SimulatedTimeSource Time { get; } = new();

    public FakeServer Server { get; } = new();

    public FakeClusters Clusters { get; } = new();

    public FakeListeners Listeners { get; } = new();

    public FakeRuntime Runtime { get; } = new();

    public FakeInit Init { get; } = new();

    public StatStore Store { get; }

    public StatSheet Sheet { get; }

    public StatCatalog Catalog { get; }

    public ConfigTracker Config { get; }

    public AdminAnswer Get(string target) => Send("GET", target);

    public AdminAnswer Post(string target, string form = "") => Send("POST", target, form);

    /// <summary>The JSON of a GET that succeeds.</summary>
    public JsonElement GetJson(string target)
    {
        AdminAnswer answer = Get(target);
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.ContentType);
        return JsonDocument.Parse(answer.Text).RootElement;
    }

    public AdminAnswer Send(string method, string target, string form = "")
    {
        AdminRequest request = AdminRequest.TryCreate(
            method, target, Encoding.UTF8.GetBytes(form), form.Length > 0 ? "application/x-www-form-urlencoded" : "")!;
        var body = new ArrayBufferWriter<byte>();
        var response = new AdminResponse(body);
        Handlers.Handle(request, response);
        while (response.Rest?.WriteNext(body) == true)
        {
        }

        return new AdminAnswer(response.Status, response.ContentType, response.Headers, Encoding.UTF8.GetString(body.WrittenSpan));
    }
}

internal sealed record AdminAnswer(int Status, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers, string Text)
{
    public string? Header(string name) => Headers.Where(h => h.Key == name).Select(h => h.Value).FirstOrDefault();
}
