using System;
using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Sidecar.Core.Collections;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Streams;

namespace Sidecar.Xds.Tests.Harness;

/// <summary>A mux, the control plane on its other end, and the loop between them.</summary>
internal sealed class MuxFixture : IDisposable
{
    public MuxFixture(bool delta, bool nodeOnFirstMessageOnly = true, StreamSettings? settings = null)
    {
        Stats = new ControlPlaneStats(Loop.Stats, Loop.Dispatcher);
        var context = new MuxContext
        {
            Dispatcher = Loop.Dispatcher,
            Streams = Server,
            Node = new Node { Id = "sidecar~1", Cluster = "test" },
            Stats = Stats,
            NodeOnFirstMessageOnly = nodeOnFirstMessageOnly,
            Random = new FastRandom(1),
            StreamSettings = settings ?? StreamSettings.Default,
        };
        Mux = delta ? new AdsDeltaMux(context) : new AdsSotwMux(context);
    }

    public MainLoop Loop { get; } = new();

    public ScriptedServer Server { get; } = new();

    public ControlPlaneStats Stats { get; }

    public XdsMux Mux { get; }

    /// <summary>Subscribes; no names mean all.</summary>
    public (XdsWatch Watch, RecordingWatch Heard) Watch(string typeUrl, params string[] names)
    {
        var heard = new RecordingWatch();
        return (Mux.AddWatch(typeUrl, names, heard), heard);
    }

    /// <summary>Lets an iteration pass and returns the requests that it sent.</summary>
    public List<string> Sent()
    {
        Loop.Run();
        return Mux is AdsDeltaMux
            ? Server.TakeDelta().ConvertAll(Resources.Describe)
            : Server.TakeSotw().ConvertAll(Resources.Describe);
    }

    public void Dispose() => Loop.Dispose();
}
