using ConfigSourceProto = Envoy.Config.Core.V3.ConfigSource;

namespace Sidecar.Config.Conversion;

/// <summary>Another resource that a resource needs before it can serve: a listener's routes, a cluster's endpoints. Immutable.</summary>
/// <param name="TypeUrl">Type of what is needed.</param>
/// <param name="Name">Name of what is needed.</param>
/// <param name="Source">From where; validated.</param>
public sealed record ResourceSubscription(string TypeUrl, string Name, ConfigSourceProto Source);
