using System.Collections.Generic;

namespace Sidecar.Core.Stats.Tags;

/// <summary>A part of a name to cut out.</summary>
internal readonly record struct NameCut(int Start, int Length);

/// <summary>Finds one tag in stat names. Immutable; thread: any.</summary>
internal abstract class TagExtractor
{
    protected TagExtractor(string tagName, string firstToken)
    {
        TagName = tagName;
        FirstToken = firstToken;
    }

    public string TagName { get; }

    /// <summary>The name's first dot-separated token, when only such names can match; else empty.</summary>
    public string FirstToken { get; }

    /// <summary>On a match, gives the tag's value and what to cut out of the name.</summary>
    public abstract bool TryExtract(string name, List<NameCut> cuts, out string value);
}
