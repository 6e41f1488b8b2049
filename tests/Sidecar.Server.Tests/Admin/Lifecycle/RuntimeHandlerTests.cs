using System.Collections.Generic;
using Sidecar.Server.Admin;

namespace Sidecar.Server.Tests.Admin.Lifecycle;

public sealed class RuntimeHandlerTests
{
    private readonly AdminHarness _admin = new();

    [Fact]
    public void Runtime_ListsEveryLayerAndTheFinalValue()
    {
        _admin.Runtime.All.Add(new RuntimeLayer("base", new Dictionary<string, string> { ["b"] = "1", ["a"] = "x" }));
        _admin.Runtime.All.Add(new RuntimeLayer("admin", new Dictionary<string, string> { ["b"] = "2" }));
        const string expected = """
            {
             "layers": [
              "base",
              "admin"
             ],
             "entries": {
              "a": {
               "layer_values": [
                "x",
                ""
               ],
               "final_value": "x"
              },
              "b": {
               "layer_values": [
                "1",
                "2"
               ],
               "final_value": "2"
              }
             }
            }
            """;
        Assert.Equal(expected, _admin.Get("/runtime").Text);
    }

    [Theory]
    [InlineData("/runtime_modify?a=1&b=", "")]
    [InlineData("/runtime_modify", "a=1&b=")]
    public void RuntimeModify_FromQueryOrForm_MergesTheValues(string target, string form)
    {
        Assert.Equal("OK\n", _admin.Post(target, form).Text);
        Assert.Equal([new("a", "1"), new("b", "")], _admin.Runtime.Modified);
    }

    [Fact]
    public void RuntimeModify_WithoutValues_IsRefused() => Assert.Equal(400, _admin.Post("/runtime_modify").Status);

    [Fact]
    public void RuntimeModify_WithoutAdminLayer_IsUnavailable()
    {
        _admin.Runtime.Error = "no admin layer specified";
        AdminAnswer answer = _admin.Post("/runtime_modify?a=1");
        Assert.Equal((503, "no admin layer specified"), (answer.Status, answer.Text));
    }
}
