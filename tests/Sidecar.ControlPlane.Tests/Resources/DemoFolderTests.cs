using System.Collections.Generic;
using System.IO;
using Sidecar.Config.Bootstrap;
using Sidecar.Config.Tree;
using Sidecar.ControlPlane.Resources;
using Sidecar.Testing.Peers;

namespace Sidecar.ControlPlane.Tests.Resources;

/// <summary>The demo's files, as shipped.</summary>
public sealed class DemoFolderTests
{
    private static readonly string s_demo = RepositoryFolder.PathOf("deploy", "demo");

    [Fact]
    public void Resources_AreGood()
    {
        ConfigErrors unread = new();

        List<ResourceFile> files = FolderReader.Read(Path.Combine(s_demo, "xds"), unread);
        Snapshot? snapshot = SnapshotBuilder.Build(files, allowsInvalid: false, out ConfigErrors errors);

        Assert.Equal("", unread + errors.ToString());
        Assert.Equal(6, snapshot!.Count);
    }

    [Fact]
    public void Bootstrap_IsGood()
    {
        LoadedBootstrap bootstrap = BootstrapLoader.Load(Path.Combine(s_demo, "bootstrap.yaml"), null);

        Assert.Equal("", bootstrap.Errors.ToString());
        Assert.Equal("demo-1", bootstrap.Message!.Node.Id);
    }
}
