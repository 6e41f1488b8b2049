using System.Text;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Tests.Tree;

public sealed class DocumentTests
{
    private static (ConfigNode? Node, ConfigErrors Errors) Yaml(string text)
    {
        ConfigErrors errors = new();
        return (YamlTreeReader.Read(text, "a.yaml", errors), errors);
    }

    private static (ConfigNode? Node, ConfigErrors Errors) Json(string text)
    {
        ConfigErrors errors = new();
        return (JsonTreeReader.Read(Encoding.UTF8.GetBytes(text), "a.json", errors), errors);
    }

    [Theory]
    [InlineData("a", ConfigNodeKind.String)]
    [InlineData("\"1\"", ConfigNodeKind.String)]
    [InlineData("1.2.3.4", ConfigNodeKind.String)]
    [InlineData("5s", ConfigNodeKind.String)]
    [InlineData("-1", ConfigNodeKind.Number)]
    [InlineData("1.5", ConfigNodeKind.Number)]
    [InlineData("yes", ConfigNodeKind.Boolean)]
    [InlineData("~", ConfigNodeKind.Null)]
    [InlineData("", ConfigNodeKind.Null)]
    public void Yaml_Scalar_HasTheKindThatEnvoySees(string text, ConfigNodeKind kind) => Assert.Equal(kind, Yaml("k: " + text).Node!.Find("k")!.Kind);

    [Theory]
    [InlineData("on", true)]
    [InlineData("Yes", true)]
    [InlineData("n", false)]
    [InlineData("no", false)]
    [InlineData("false", false)]
    public void Yaml_Boolean_HasItsValue(string text, bool expected) => Assert.Equal(expected, Yaml("k: " + text).Node!.Find("k")!.IsTrue);

    [Fact]
    public void Yaml_AnchorAliasAndMergeKey_AreResolved()
    {
        ConfigNode node = Yaml("base: &b {x: 1, y: 2}\nsame: *b\nmore: {<<: *b, y: 3}").Node!;
        Assert.Equal("1", node.Find("same")!.Find("x")!.Text);
        Assert.Equal("1", node.Find("more")!.Find("x")!.Text);
        Assert.Equal("3", node.Find("more")!.Find("y")!.Text);
    }

    [Fact]
    public void Yaml_BillionLaughs_IsRefusedFast()
    {
        StringBuilder text = new("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++)
        {
            text.Append($"a{i}: &a{i} [");
            for (int j = 0; j < 10; j++)
            {
                text.Append(j == 0 ? "" : ",").Append($"*a{i - 1}");
            }

            text.Append("]\n");
        }

        (ConfigNode? node, ConfigErrors errors) = Yaml(text.ToString());
        Assert.Null(node);
        Assert.Contains("expands to more than", errors.ToString());
    }

    [Theory]
    [InlineData("a: 1\na: 2", "a.yaml:2:1: duplicate key \"a\"")]
    [InlineData("a: *nope", "a.yaml:1:4: not valid YAML: alias *nope has no anchor before it")]
    [InlineData("a: 1\n---\nb: 2", "more than one YAML document")]
    [InlineData("a: &x [*x]", "has no anchor before it")]
    [InlineData("a: [1, 2", "not valid YAML")]
    [InlineData("<<: 1", "a merge key takes a mapping")]
    public void Yaml_Malformed_TellsWhere(string text, string expected) => Assert.Contains(expected, Yaml(text).Errors.ToString());

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Yaml_NestedWithoutEnd_IsRefused(char open, char close)
    {
        string one = open == '[' ? "[" : "{a: ";
        string text = string.Concat(System.Linq.Enumerable.Repeat(one, 5000)) + new string(close, 5000);
        Assert.Contains("not valid YAML", Yaml(text).Errors.ToString());
    }

    [Theory]
    [InlineData("{\"a\": 1,\n \"a\": 2}", "a.json:2:2: duplicate key \"a\"")]
    [InlineData("{\n  \"a\": }", "a.json:2:8: not valid JSON")]
    [InlineData("{} x", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("{\"a\": \"\\ud800\"}", "not valid JSON")]
    public void Json_Malformed_TellsWhere(string text, string expected) => Assert.Contains(expected, Json(text).Errors.ToString());

    [Fact]
    public void Json_Node_KnowsLineAndColumn()
    {
        ConfigNode node = Json("{\n \"a\": {\n  \"b\": [1,\n   true]}}").Node!;
        Assert.Equal(new SourcePosition("a.json", 4, 4), node.Find("a")!.Find("b")!.Items[1].Position);
    }

    [Fact]
    public void Merge_TwoDocuments_IsWhatProtobufDoes()
    {
        ConfigNode merged = ConfigTree.Merge(Yaml("{a: 1, bC: {d: 1}, e: [1]}").Node!, Yaml("{a: 2, b_c: {f: 2}, e: [2]}").Node!);
        Assert.Equal("2", merged.Find("a")!.Text);
        Assert.Equal("1", merged.Find("bC")!.Find("d")!.Text);
        Assert.Equal("2", merged.Find("bC")!.Find("f")!.Text);
        Assert.Equal(2, merged.Find("e")!.Items.Count);
    }
}
