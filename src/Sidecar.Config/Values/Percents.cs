using Sidecar.Config.Conversion;
using FractionalPercentProto = Envoy.Type.V3.FractionalPercent;
using PercentProto = Envoy.Type.V3.Percent;

namespace Sidecar.Config.Values;

/// <summary><c>envoy.type.v3.Percent</c> and <c>FractionalPercent</c>. Thread: main.</summary>
internal static class Percents
{
    /// <summary>0 to 100, or the default when it is not set.</summary>
    public static double Read(PercentProto? proto, double defaultPercent) => proto?.Value ?? defaultPercent;

    /// <summary>What the numerator is out of.</summary>
    public static uint Denominator(FractionalPercentProto proto) => proto.Denominator switch
    {
        FractionalPercentProto.Types.DenominatorType.TenThousand => 10_000,
        FractionalPercentProto.Types.DenominatorType.Million => 1_000_000,
        _ => 100,
    };

    /// <summary>The fraction in millionths.</summary>
    public static uint PerMillion(FractionalPercentProto proto, FieldScope at)
    {
        uint denominator = Denominator(proto);
        if (proto.Numerator > denominator)
        {
            at.Error("numerator", $"{proto.Numerator} is over the denominator {denominator}");
            return 0;
        }

        return proto.Numerator * (1_000_000 / denominator);
    }
}
