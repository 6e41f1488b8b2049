namespace Sidecar.Upstream.Hosts;

/// <summary>Where a host runs. Immutable; thread: any.</summary>
public sealed record Locality(string Region, string Zone, string SubZone)
{
    public static readonly Locality Empty = new(string.Empty, string.Empty, string.Empty);

    public bool IsEmpty => Region.Length == 0 && Zone.Length == 0 && SubZone.Length == 0;
}
