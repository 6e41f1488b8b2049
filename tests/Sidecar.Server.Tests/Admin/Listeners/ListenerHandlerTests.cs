using Sidecar.Network.Addresses;
using Sidecar.Server.Admin;
using Sidecar.Server.Admin.Listeners;

namespace Sidecar.Server.Tests.Admin.Listeners;

public sealed class ListenerHandlerTests
{
    private readonly AdminHarness _admin = new();

    public ListenerHandlerTests()
    {
        _admin.Listeners.Listeners.Add(new ListenerView("in", Documents.Ip("0.0.0.0", 15006)));
        _admin.Listeners.Listeners.Add(new ListenerView("six", Documents.Ip("::1", 80)));
        Assert.True(Address.TryPipe("@hidden", 0, out Address? pipe));
        _admin.Listeners.Listeners.Add(new ListenerView("uds", pipe!));
    }

    [Theory]
    [InlineData("/listeners")]
    [InlineData("/listeners?format=text")]
    [InlineData("/listeners?format=")]
    public void Listeners_AsText_AreNameAndAddress(string target) =>
        Assert.Equal("in::0.0.0.0:15006\nsix::[::1]:80\nuds::@hidden\n", _admin.Get(target).Text);

    [Fact]
    public void Listeners_AsJson_AreListenerStatuses()
    {
        const string expected = """
            {
             "listener_statuses": [
              {
               "name": "in",
               "local_address": {
                "socket_address": {
                 "address": "0.0.0.0",
                 "port_value": 15006
                }
               }
              },
              {
               "name": "six",
               "local_address": {
                "socket_address": {
                 "address": "::1",
                 "port_value": 80
                }
               }
              },
              {
               "name": "uds",
               "local_address": {
                "pipe": {
                 "path": "@hidden"
                }
               }
              }
             ]
            }
            """;
        AdminAnswer answer = _admin.Get("/listeners?format=json");
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(expected, answer.Text);
    }

    [Fact]
    public void Listeners_UnknownFormat_IsRefused() => Assert.Equal(400, _admin.Get("/listeners?format=xml").Status);

    [Theory]
    [InlineData("", false, false, false)]
    [InlineData("?inboundonly", true, false, false)]
    [InlineData("?graceful&skip_exit", false, true, true)]
    public void DrainListeners_Posted_PassesTheSwitchesOn(string query, bool inboundOnly, bool graceful, bool skipExit)
    {
        Assert.Equal("OK\n", _admin.Post("/drain_listeners" + query).Text);
        Assert.Equal([new ListenerDrain(inboundOnly, graceful, skipExit).ToString()], _admin.Server.Calls);
    }

    [Fact]
    public void DrainListeners_SkipExitWithoutGraceful_IsRefused()
    {
        AdminAnswer answer = _admin.Post("/drain_listeners?skip_exit");
        Assert.Equal((400, "skip_exit requires graceful\n"), (answer.Status, answer.Text));
        Assert.Empty(_admin.Server.Calls);
    }
}
