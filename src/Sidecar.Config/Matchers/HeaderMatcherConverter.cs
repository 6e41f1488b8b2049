using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Proxy.Matching;
using HeaderMatcherProto = Envoy.Config.Route.V3.HeaderMatcher;
using QueryParameterMatcherProto = Envoy.Config.Route.V3.QueryParameterMatcher;
using SpecifierCase = Envoy.Config.Route.V3.HeaderMatcher.HeaderMatchSpecifierOneofCase;

namespace Sidecar.Config.Matchers;

/// <summary>Matchers of headers and of query parameters. Thread: main.</summary>
internal static class HeaderMatcherConverter
{
    public static IReadOnlyList<HeaderMatcherConfig> Build(RepeatedField<HeaderMatcherProto> protos, FieldScope at, string field)
    {
        var matchers = new HeaderMatcherConfig[protos.Count];
        for (int i = 0; i < matchers.Length; i++)
        {
            matchers[i] = Build(protos[i], at.Item(field, i));
        }

        return matchers;
    }

    public static HeaderMatcherConfig Build(HeaderMatcherProto proto, FieldScope at)
    {
        var matcher = new HeaderMatcherConfig
        {
            Name = proto.Name,
            InvertMatch = proto.InvertMatch,
            TreatMissingHeaderAsEmpty = proto.TreatMissingHeaderAsEmpty,
        };
        switch (proto.HeaderMatchSpecifierCase)
        {
            case SpecifierCase.None:
                return matcher;
            case SpecifierCase.PresentMatch:
                return matcher with { Present = proto.PresentMatch };
            case SpecifierCase.RangeMatch:
                return matcher with { Kind = HeaderMatchKind.Range, RangeStart = proto.RangeMatch.Start, RangeEnd = proto.RangeMatch.End };
            default:
                return matcher with { Kind = HeaderMatchKind.String, StringMatch = BuildString(proto, at) };
        }
    }

    public static IReadOnlyList<QueryParameterMatcherConfig> Build(RepeatedField<QueryParameterMatcherProto> protos, FieldScope at, string field)
    {
        var matchers = new QueryParameterMatcherConfig[protos.Count];
        for (int i = 0; i < matchers.Length; i++)
        {
            QueryParameterMatcherProto proto = protos[i];
            bool isPresence = proto.QueryParameterMatchSpecifierCase
                == QueryParameterMatcherProto.QueryParameterMatchSpecifierOneofCase.PresentMatch;
            matchers[i] = new QueryParameterMatcherConfig
            {
                Name = proto.Name,
                StringMatch = proto.StringMatch is null
                    ? null
                    : StringMatcherConverter.Build(proto.StringMatch, at.Item(field, i).Field("string_match")),
                Present = !isPresence || proto.PresentMatch,
            };
        }

        return matchers;
    }

    private static StringMatcherConfig BuildString(HeaderMatcherProto proto, FieldScope at) => proto.HeaderMatchSpecifierCase switch
    {
        SpecifierCase.ExactMatch => StringMatcherConverter.Of(StringMatchKind.Exact, proto.ExactMatch),
        SpecifierCase.PrefixMatch => StringMatcherConverter.Of(StringMatchKind.Prefix, proto.PrefixMatch),
        SpecifierCase.SuffixMatch => StringMatcherConverter.Of(StringMatchKind.Suffix, proto.SuffixMatch),
        SpecifierCase.ContainsMatch => StringMatcherConverter.Of(StringMatchKind.Contains, proto.ContainsMatch),
        SpecifierCase.SafeRegexMatch => StringMatcherConverter.Of(
            StringMatchKind.SafeRegex, StringMatcherConverter.Pattern(proto.SafeRegexMatch, at.Field("safe_regex_match"))),
        _ => StringMatcherConverter.Build(proto.StringMatch, at.Field("string_match")),
    };
}
