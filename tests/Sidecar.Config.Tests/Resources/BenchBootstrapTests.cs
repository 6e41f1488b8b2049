using System;
using System.IO;
using Google.Protobuf;
using Sidecar.Config.Bootstrap;
using Sidecar.Config.Resources;

namespace Sidecar.Config.Tests.Resources;

public sealed class BenchBootstrapTests : IDisposable
{
    private readonly PipelineFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void BenchBootstrap_EveryResource_IsAcceptedWithoutWarnings()
    {
        string yaml = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Resources", "sidecar.yaml"))
            .Replace("@SIDECAR@", "10000", StringComparison.Ordinal)
            .Replace("@ORIGIN@", "10001", StringComparison.Ordinal);
        LoadedBootstrap bootstrap = BootstrapLoader.Load(null, yaml);
        Assert.True(bootstrap.Errors.IsEmpty, bootstrap.Errors.ToString());
        var options = new TranslationOptions(RejectUnknownFields: true, AddedViaApi: false);
        TranslatedResource listener =
            _fixture.Pipeline.TranslateListener(bootstrap.Message!.StaticResources.Listeners[0].ToByteArray(), options);
        TranslatedResource cluster =
            _fixture.Pipeline.TranslateCluster(bootstrap.Message.StaticResources.Clusters[0].ToByteArray(), options);
        Assert.True(listener.IsAccepted, listener.Errors.ToString());
        Assert.True(cluster.IsAccepted, cluster.Errors.ToString());
        Assert.Empty(listener.Unsupported);
        Assert.Empty(cluster.Unsupported);
    }
}
