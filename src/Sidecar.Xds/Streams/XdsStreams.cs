using Envoy.Config.Core.V3;

namespace Sidecar.Xds.Streams;

/// <summary>How control planes are reached. Thread: main.</summary>
public abstract class XdsStreams
{
    /// <summary>Streams of one method of one service.</summary>
    /// <exception cref="Subscriptions.XdsConfigException">The service cannot be used.</exception>
    public abstract XdsStreamFactory Create(GrpcService service, string method);
}
