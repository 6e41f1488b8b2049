using Sidecar.Config.Conversion;
using Sidecar.Proxy.Matching;
using FractionalPercentProto = Envoy.Type.V3.FractionalPercent;
using RuntimeFractionProto = Envoy.Config.Core.V3.RuntimeFractionalPercent;

namespace Sidecar.Config.Values;

/// <summary><c>RuntimeFractionalPercent</c>: a share of the requests, which the runtime may override. Thread: main.</summary>
internal static class RuntimeFractions
{
    /// <summary>Null when it is not set.</summary>
    public static RuntimeFraction? Build(RuntimeFractionProto? proto, FieldScope at) =>
        proto is null ? null : Build(proto.DefaultValue, proto.RuntimeKey, at);

    /// <summary>The runtime's value under the key, an integer percentage, goes before the default.</summary>
    public static RuntimeFraction Build(FractionalPercentProto? defaultValue, string runtimeKey, FieldScope at)
    {
        uint denominator = defaultValue is null ? 100 : Percents.Denominator(defaultValue);
        // Over the denominator means always, as in Envoy.
        uint numerator = defaultValue?.Numerator ?? 0;
        if (runtimeKey.Length > 0 && at.Services.Runtime.Integer(runtimeKey, -1) is >= 0 and var overriding)
        {
            return new RuntimeFraction(new FractionalPercent((uint)long.Min(overriding, 100), 100), runtimeKey);
        }

        return new RuntimeFraction(new FractionalPercent(numerator, denominator), runtimeKey);
    }
}
