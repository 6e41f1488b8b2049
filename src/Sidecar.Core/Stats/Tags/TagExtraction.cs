using System;
using System.Collections.Generic;
using System.Text;

namespace Sidecar.Core.Stats.Tags;

/// <summary>
/// Splits stat names into a general name and tags, as <c>stats_config</c> says: <c>cluster.backend.upstream_rq_total</c> is
/// <c>cluster.upstream_rq_total</c> with <c>envoy.cluster_name</c> = <c>backend</c>. Every extractor sees the whole name; the parts they
/// found are cut out together. Immutable; thread: any.
/// </summary>
public sealed class TagExtraction
{
    private static readonly List<TagExtractor> s_defaults = DefaultTags.Create();

    private readonly Dictionary<string, TagExtractor[]> _byFirstToken;
    private readonly TagExtractor[] _general;
    private readonly StatTag[] _fixedTags;

    private TagExtraction(List<TagExtractor> extractors, List<StatTag> fixedTags)
    {
        _fixedTags = [.. fixedTags];
        _general = [.. extractors.FindAll(static e => e.FirstToken.Length == 0)];
        _byFirstToken = new Dictionary<string, TagExtractor[]>(StringComparer.Ordinal);
        foreach (TagExtractor extractor in extractors)
        {
            string token = extractor.FirstToken;
            if (token.Length > 0 && !_byFirstToken.ContainsKey(token))
            {
                _byFirstToken.Add(token, [.. extractors.FindAll(e => e.FirstToken.Length == 0 || e.FirstToken == token)]);
            }
        }
    }

    /// <summary>Envoy's default tags.</summary>
    public static TagExtraction Default { get; } = Create([], useAllDefaultTags: true);

    /// <summary>
    /// Throws <see cref="ArgumentException"/>, with the tag's name, for an invalid regex or a name without a rule. Thread: main.
    /// </summary>
    public static TagExtraction Create(IReadOnlyList<TagSpecifier> specifiers, bool useAllDefaultTags)
    {
        var extractors = new List<TagExtractor>();
        var fixedTags = new List<StatTag>();
        if (useAllDefaultTags)
        {
            extractors.AddRange(s_defaults);
        }

        foreach (TagSpecifier specifier in specifiers)
        {
            if (specifier.FixedValue is not null)
            {
                fixedTags.Add(new StatTag(specifier.TagName, specifier.FixedValue));
            }
            else if (string.IsNullOrEmpty(specifier.Regex))
            {
                AddDefault(extractors, specifier.TagName);
            }
            else
            {
                extractors.Add(FromRegex(specifier));
            }
        }

        return new TagExtraction(extractors, fixedTags);
    }

    /// <summary>Adds a name's tags and returns what is left of the name.</summary>
    public string Extract(string name, List<StatTag> tags)
    {
        tags.AddRange(_fixedTags);
        var cuts = new List<NameCut>();
        int dot = name.IndexOf('.');
        string first = dot < 0 ? name : name[..dot];
        if (!_byFirstToken.TryGetValue(first, out TagExtractor[]? extractors))
        {
            extractors = _general;
        }

        foreach (TagExtractor extractor in extractors)
        {
            if (!Contains(tags, extractor.TagName) && extractor.TryExtract(name, cuts, out string value))
            {
                tags.Add(new StatTag(extractor.TagName, value));
            }
        }

        return cuts.Count == 0 ? name : Cut(name, cuts);
    }

    private static RegexTagExtractor FromRegex(TagSpecifier specifier)
    {
        try
        {
            return new RegexTagExtractor(specifier.TagName, specifier.Regex!);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"stats tag '{specifier.TagName}': invalid regex: {e.Message}", nameof(specifier), e);
        }
    }

    private static void AddDefault(List<TagExtractor> extractors, string tagName)
    {
        List<TagExtractor> named = s_defaults.FindAll(e => e.TagName == tagName);
        if (named.Count == 0)
        {
            throw new ArgumentException($"No regex specified for tag specifier and no default regex for name: '{tagName}'", nameof(tagName));
        }

        foreach (TagExtractor extractor in named)
        {
            if (!extractors.Contains(extractor))
            {
                extractors.Add(extractor);
            }
        }
    }

    private static bool Contains(List<StatTag> tags, string name)
    {
        foreach (StatTag tag in tags)
        {
            if (tag.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private static string Cut(string name, List<NameCut> cuts)
    {
        cuts.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var text = new StringBuilder(name.Length);
        int at = 0;
        foreach (NameCut cut in cuts)
        {
            if (cut.Start > at)
            {
                text.Append(name, at, cut.Start - at);
            }

            at = Math.Max(at, cut.Start + cut.Length);
        }

        return text.Append(name, at, name.Length - at).ToString();
    }
}
