namespace Sidecar.Core.Stats;

/// <summary>A dimension of a stat, e.g. <c>envoy.cluster_name</c> = <c>backend</c>.</summary>
public readonly record struct StatTag(string Name, string Value);

/// <summary>An entry of <c>stats_config.stats_tags</c>; with neither regex nor value it enables the default tag of that name.</summary>
/// <param name="Regex">
/// Over the full name: the first group is cut out of it, the second (else the first) is the value.
/// </param>
/// <param name="FixedValue">The tag's value for every stat.</param>
public sealed record TagSpecifier(string TagName, string? Regex = null, string? FixedValue = null);
