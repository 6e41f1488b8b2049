using System;
using System.IO;
using Sidecar.Config.Bootstrap;

namespace Sidecar.Config.Tests.Bootstrap;

public sealed class BootstrapLoaderTests : IDisposable
{
    private const string Yaml = """
        node: {id: n, cluster: c}
        static_resources:
          clusters:
          - name: a
            connect_timeout: 0.25s
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("bootstrap").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Load_Yaml_GivesTheTypedBootstrap()
    {
        LoadedBootstrap loaded = BootstrapLoader.Load(Write("b.yaml", Yaml), null);
        Assert.True(loaded.Errors.IsEmpty, loaded.Errors.ToString());
        Assert.Equal("a", loaded.Message!.StaticResources.Clusters[0].Name);
    }

    [Fact]
    public void Load_PathAndYaml_MergesYamlOver()
    {
        LoadedBootstrap loaded = BootstrapLoader.Load(Write("b.yaml", Yaml), "{node: {id: other}, static_resources: {clusters: [{name: b}]}}");
        Assert.Equal("other", loaded.Message!.Node.Id);
        Assert.Equal("c", loaded.Message.Node.Cluster);
        Assert.Equal(2, loaded.Message.StaticResources.Clusters.Count);
    }

    [Fact]
    public void Load_Binary_IsTaken()
    {
        byte[] wire = BootstrapLoader.Load(null, Yaml).WireBytes;
        string path = Path.Combine(_directory, "b.pb");
        File.WriteAllBytes(path, wire);
        Assert.Equal("n", BootstrapLoader.Load(path, null).Message!.Node.Id);
    }

    [Theory]
    [InlineData("b.yaml", "node:\n  nope: 1\n", ":2:3: node.nope: unknown field of envoy.config.core.v3.Node")]
    [InlineData("b.json", "{\"node\":\n {\"id\": 5}}", ":2:9: node.id: expected a string")]
    [InlineData("b.yaml", "static_resources:\n  clusters:\n  - name: \"\"\n", ":3:11: static_resources.clusters[0].name: Cluster.Name: value length must be at least 1 characters")]
    [InlineData("b.yaml", "a: [", "not valid YAML")]
    public void Load_Mistake_TellsFileLineAndField(string name, string text, string expected)
    {
        LoadedBootstrap loaded = BootstrapLoader.Load(Write(name, text), null);
        Assert.Null(loaded.Message);
        Assert.Contains(name, loaded.Errors.ToString());
        Assert.Contains(expected, loaded.Errors.ToString());
    }

    [Fact]
    public void Load_UnknownFieldAllowed_IsKeptAsAWarning()
    {
        LoadedBootstrap loaded = BootstrapLoader.Load(null, "{node: {id: n, nope: 1}}", allowUnknownFields: true);
        Assert.NotNull(loaded.Message);
        Assert.Single(loaded.Errors.UnknownFields);
    }

    [Fact]
    public void Load_NoFile_SaysSo() => Assert.Contains("cannot be read", BootstrapLoader.Load(Path.Combine(_directory, "none.yaml"), null).Errors.ToString());

    [Fact]
    public void Load_Nothing_NamesTheFlags() => Assert.Contains("--config-path", BootstrapLoader.Load(null, null).Errors.ToString());
}
