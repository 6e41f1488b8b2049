using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Sidecar.Config.Tree;
using Sidecar.ControlPlane.Resources;

namespace Sidecar.ControlPlane.Tests.Resources;

public sealed class SnapshotBuilderTests
{
    private static readonly ResourceType s_clusters = ResourceType.FindByKey("clusters")!;
    private static readonly ResourceType s_endpoints = ResourceType.FindByKey("endpoints")!;

    [Fact]
    public void Build_ListsUnderKeys_HasEachResourceByItsName()
    {
        Snapshot snapshot = Build("""
            clusters:
              - name: a
              - name: b
            endpoints:
              - cluster_name: a
            """);

        Assert.Equal(["a", "b"], snapshot[s_clusters].Keys);
        Assert.Equal(["a"], snapshot[s_endpoints].Keys);
        Assert.Equal(3, snapshot.Count);
    }

    [Theory]
    [InlineData("""{"version_info": "1", "resources": [{"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "a"}]}""")]
    [InlineData("resources:\n- '@type': type.googleapis.com/envoy.config.cluster.v3.Cluster\n  name: a\n")]
    [InlineData("'@type': type.googleapis.com/envoy.config.cluster.v3.Cluster\nname: a\n")]
    [InlineData("""
        resources:
        - "@type": type.googleapis.com/envoy.service.discovery.v3.Resource
          name: a
          resource: { "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster, name: a }
        """)]
    public void Build_TypedResources_EqualThoseUnderAKey(string text)
    {
        Snapshot typed = Build(text);

        Assert.Equal(Build("clusters: [{name: a}]").Version, typed.Version);
    }

    [Fact]
    public void Build_SameContentInOtherFilesAndOrder_HasTheSameVersion()
    {
        Snapshot one = Build("clusters: [{name: a}, {name: b}]");
        Snapshot two = Build("clusters: [{name: b}]", "clusters: [{name: a}]");

        Assert.Equal(one.Version, two.Version);
    }

    [Fact]
    public void Build_OneResourceChanged_ChangesItsVersionOnly()
    {
        Snapshot before = Build("clusters: [{name: a}, {name: b}]");
        Snapshot after = Build("clusters: [{name: a}, {name: b, connect_timeout: 2s}]");

        Assert.NotEqual(before.Version, after.Version);
        Assert.Equal(before[s_clusters]["a"].Version, after[s_clusters]["a"].Version);
        Assert.NotEqual(before[s_clusters]["b"].Version, after[s_clusters]["b"].Version);
    }

    [Theory]
    [InlineData("clusters:\n  - name: a\n    connect_timeout: soon\n", "file0.yaml:3:22: clusters[0].connect_timeout: expected a duration")]
    [InlineData("clusters:\n  - nmae: a\n", "file0.yaml:2:5: clusters[0].nmae: unknown field")]
    [InlineData("clutsers: []\n", "file0.yaml:1:1: clutsers: unknown key; expected resources, secrets, clusters")]
    [InlineData("clusters: {name: a}\n", "clusters: expected a list")]
    [InlineData("- name: a\n", "expected a mapping with lists")]
    [InlineData("clusters:\n  - connect_timeout: 1s\n", "clusters[0].name: ")]
    [InlineData("clusters: [\n", "file0.yaml:")]
    [InlineData("", "file0.yaml: is empty")]
    [InlineData("resources: [{name: a}]\n", "resources[0]: expected a mapping with `@type`")]
    [InlineData("resources: [{'@type': type.googleapis.com/a.B}]\n", "`type.googleapis.com/a.B` is not a type that this server serves")]
    [InlineData("clusters:\n- name: a\n- name: a\n", "file0.yaml:3:3: clusters[1]: clusters has `a` twice; the other is at file0.yaml:2:3")]
    public void Build_WrongContent_SaysFileLineAndField(string text, string expected)
    {
        Snapshot? snapshot = TryBuild(false, out ConfigErrors errors, text);

        Assert.Null(snapshot);
        Assert.Contains(expected, errors.ToString());
    }

    [Fact]
    public void Build_ErrorsInTwoFiles_TellsBoth()
    {
        TryBuild(false, out ConfigErrors errors, "clusters: [{a: 1}]", "clusters: [{b: 1}]");

        Assert.Contains("file0.yaml:1:13: clusters[0].a", errors.ToString());
        Assert.Contains("file1.yaml:1:13: clusters[0].b", errors.ToString());
    }

    [Fact]
    public void Build_ResourceAgainstTheValidateRules_IsRefusedUnlessInvalidIsAllowed()
    {
        const string Text = "clusters: [{name: a, connect_timeout: 0s}]";

        Assert.Null(TryBuild(false, out ConfigErrors errors, Text));
        Assert.Contains("file0.yaml:1:39: clusters[0].connect_timeout: ", errors.ToString());
        Assert.Contains("Cluster.ConnectTimeout: value must be greater than 0s", errors.ToString());
        Assert.NotNull(TryBuild(true, out _, Text));
    }

    [Fact]
    public void Union_RemovedAndChanged_KeepsTheRemovedAndTakesTheChanged()
    {
        Snapshot before = Build("clusters: [{name: a}, {name: b}]");
        Snapshot after = Build("clusters: [{name: b, connect_timeout: 2s}]");

        Snapshot union = after.Union(before);

        Assert.Equal(["a", "b"], union[s_clusters].Keys);
        Assert.Equal(after[s_clusters]["b"].Version, union[s_clusters]["b"].Version);
    }

    [Fact]
    public void Types_InOrder_SendClustersEndpointsListenersRoutes()
    {
        int[] order = Array.ConvertAll(["clusters", "endpoints", "listeners", "routes"], static key => ResourceType.FindByKey(key)!.Order);

        Assert.Equal(order.Order(), order);
    }

    internal static Snapshot Build(params string[] texts) =>
        TryBuild(false, out ConfigErrors errors, texts) ?? throw new InvalidOperationException(errors.ToString());

    private static Snapshot? TryBuild(bool allowsInvalid, out ConfigErrors errors, params string[] texts)
    {
        List<ResourceFile> files = [];
        foreach (string text in texts)
        {
            files.Add(new ResourceFile($"file{files.Count}.yaml", Encoding.UTF8.GetBytes(text)));
        }

        return SnapshotBuilder.Build(files, allowsInvalid, out errors);
    }
}
