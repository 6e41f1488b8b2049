using Sidecar.Config.Conversion;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Matching.Regex;
using Sidecar.Proxy.Routing;
using RegexMatcherProto = Envoy.Type.Matcher.V3.RegexMatcher;
using RegexRewriteProto = Envoy.Type.Matcher.V3.RegexMatchAndSubstitute;
using StringMatcherProto = Envoy.Type.Matcher.V3.StringMatcher;

namespace Sidecar.Config.Matchers;

/// <summary><c>envoy.type.matcher.v3.StringMatcher</c> and the regexes it is made of. Thread: main.</summary>
internal static class StringMatcherConverter
{
    public static StringMatcherConfig Build(StringMatcherProto proto, FieldScope at)
    {
        switch (proto.MatchPatternCase)
        {
            case StringMatcherProto.MatchPatternOneofCase.Exact:
                return Of(StringMatchKind.Exact, proto.Exact, proto.IgnoreCase);
            case StringMatcherProto.MatchPatternOneofCase.Prefix:
                return Of(StringMatchKind.Prefix, proto.Prefix, proto.IgnoreCase);
            case StringMatcherProto.MatchPatternOneofCase.Suffix:
                return Of(StringMatchKind.Suffix, proto.Suffix, proto.IgnoreCase);
            case StringMatcherProto.MatchPatternOneofCase.Contains:
                return Of(StringMatchKind.Contains, proto.Contains, proto.IgnoreCase);
            case StringMatcherProto.MatchPatternOneofCase.SafeRegex:
                return Of(StringMatchKind.SafeRegex, Pattern(proto.SafeRegex, at.Field("safe_regex")));
            default:
                at.Error("this kind of string matcher is not supported");
                return Of(StringMatchKind.Exact, string.Empty);
        }
    }

    public static StringMatcherConfig Of(StringMatchKind kind, string value, bool ignoresCase = false) =>
        new() { Kind = kind, Value = value, IgnoreCase = ignoresCase };

    /// <summary>The pattern, once it is sure that it compiles.</summary>
    public static string Pattern(RegexMatcherProto proto, FieldScope at)
    {
        Compile(proto, at);
        return proto.Regex;
    }

    /// <summary>Pattern and substitution; null, with the error told, when they are malformed.</summary>
    public static RegexRewriteConfig? Build(RegexRewriteProto? proto, FieldScope at)
    {
        if (proto is null || Compile(proto.Pattern, at.Field("pattern")) is not { } regex)
        {
            return null;
        }

        if (regex.CheckRewrite(proto.Substitution) is { } wrong)
        {
            at.Error("substitution", wrong);
            return null;
        }

        return new RegexRewriteConfig(proto.Pattern.Regex, proto.Substitution);
    }

    private static RegexMatcher? Compile(RegexMatcherProto proto, FieldScope at)
    {
        try
        {
            return RegexMatcher.Create(proto.Regex);
        }
        catch (RegexSyntaxException malformed)
        {
            at.Error("regex", malformed.Message);
            return null;
        }
    }
}
