using System;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Routing;

/// <summary>A prefix or regex rewrite of the path; the query stays. Immutable; thread: any.</summary>
internal sealed class PathRewrite
{
    private readonly byte[] _prefix;
    private readonly int _matchedLength;
    private readonly RegexRewrite? _regex;

    private PathRewrite(byte[] prefix, int matchedLength, RegexRewrite? regex)
    {
        _prefix = prefix;
        _matchedLength = matchedLength;
        _regex = regex;
    }

    /// <summary>Null when there is nothing to rewrite.</summary>
    /// <param name="prefix">What stands for the matched part; empty for none.</param>
    /// <param name="regex">Null for none.</param>
    /// <param name="matchedLength">Length of the matched part, -1 for the whole path without its query.</param>
    public static PathRewrite? Create(string prefix, RegexRewriteConfig? regex, int matchedLength)
    {
        if (regex is not null)
        {
            return new PathRewrite([], -1, new RegexRewrite(regex));
        }

        return prefix.Length == 0 ? null : new PathRewrite(Encoding.UTF8.GetBytes(prefix), matchedLength, null);
    }

    /// <summary>Writes the new path.</summary>
    public void Write(ReadOnlySpan<byte> path, TextBuffer output)
    {
        int pathLength = QueryParameters.PathOnly(path).Length;
        if (_regex is not null)
        {
            _regex.Apply(path[..pathLength], output);
            output.Append(path[pathLength..]);
            return;
        }

        output.Append(_prefix);
        // A filter may have shortened the path since the route was chosen.
        output.Append(path[Math.Min(path.Length, _matchedLength < 0 ? pathLength : _matchedLength)..]);
    }

    /// <summary>Replaces the request's path and notes the original.</summary>
    public void Apply(HeaderMap request, bool insertOriginalPath)
    {
        if (!request.TryGet(HeaderId.Path, out ReadOnlySpan<byte> path))
        {
            return;
        }

        TextBuffer rewritten = TextBuffer.Scratch;
        Write(path, rewritten);
        int original = rewritten.Length;
        if (insertOriginalPath)
        {
            rewritten.Append(path);
            request.Set(HeaderId.XEnvoyOriginalPath, rewritten.Written[original..]);
        }

        request.Set(HeaderId.Path, rewritten.Written[..original]);
    }
}
