namespace Sidecar.Proxy.Matching;

/// <summary>Envoy's <c>FractionalPercent</c>: a numerator over 100, 10,000 or 1,000,000.</summary>
public readonly record struct FractionalPercent(uint Numerator, uint Denominator)
{
    public static readonly FractionalPercent Always = new(100, 100);

    /// <summary>Whether a random number falls into the fraction; the same number gives the same answer.</summary>
    public bool IsHit(ulong random) => random % Denominator < Numerator;
}

/// <summary>A fraction under a runtime key (<c>RuntimeFractionalPercent</c>, <c>RuntimeUInt32</c>, ...).</summary>
/// <param name="DefaultValue">Used while the key is not set.</param>
/// <param name="RuntimeKey">Empty when the fraction is fixed.</param>
public sealed record RuntimeFraction(FractionalPercent DefaultValue, string RuntimeKey = "")
{
    public bool IsHit(ulong random) => DefaultValue.IsHit(random);
}
