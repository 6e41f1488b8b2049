using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Proxy.Matching;
using MetadataMatcherProto = Envoy.Type.Matcher.V3.MetadataMatcher;
using RangeCase = Envoy.Type.Matcher.V3.DoubleMatcher.MatchPatternOneofCase;
using ValueCase = Envoy.Type.Matcher.V3.ValueMatcher.MatchPatternOneofCase;
using ValueMatcherProto = Envoy.Type.Matcher.V3.ValueMatcher;

namespace Sidecar.Config.Matchers;

/// <summary><c>envoy.type.matcher.v3.MetadataMatcher</c>. Thread: main.</summary>
internal static class MetadataMatcherConverter
{
    public static MetadataMatcherConfig Build(MetadataMatcherProto proto, FieldScope at)
    {
        var path = new List<string>(proto.Path.Count);
        foreach (MetadataMatcherProto.Types.PathSegment segment in proto.Path)
        {
            path.Add(segment.Key);
        }

        return new MetadataMatcherConfig
        {
            Filter = proto.Filter,
            Path = path,
            Value = Build(proto.Value, at.Field("value")),
            Invert = proto.Invert,
        };
    }

    private static ValueMatcherConfig Build(ValueMatcherProto proto, FieldScope at)
    {
        switch (proto.MatchPatternCase)
        {
            case ValueCase.NullMatch:
                return new ValueMatcherConfig { Kind = ValueMatchKind.Null };
            case ValueCase.DoubleMatch:
                return BuildNumber(proto);
            case ValueCase.StringMatch:
                StringMatcherConfig text = StringMatcherConverter.Build(proto.StringMatch, at.Field("string_match"));
                return new ValueMatcherConfig { Kind = ValueMatchKind.String, StringMatch = text };
            case ValueCase.BoolMatch:
                return new ValueMatcherConfig { Kind = ValueMatchKind.Bool, BoolMatch = proto.BoolMatch };
            case ValueCase.PresentMatch:
                return new ValueMatcherConfig { Kind = ValueMatchKind.Present, Present = proto.PresentMatch };
            case ValueCase.ListMatch:
                ValueMatcherConfig item = Build(proto.ListMatch.OneOf, at.Field("list_match").Field("one_of"));
                return new ValueMatcherConfig { Kind = ValueMatchKind.List, Children = [item] };
            case ValueCase.OrMatch:
                IReadOnlyList<ValueMatcherConfig> alternatives = Build(proto.OrMatch.ValueMatchers, at.Field("or_match"));
                return new ValueMatcherConfig { Kind = ValueMatchKind.Or, Children = alternatives };
            default:
                at.Error("this kind of value matcher is not supported");
                return new ValueMatcherConfig();
        }
    }

    private static ValueMatcherConfig BuildNumber(ValueMatcherProto proto)
    {
        bool isExact = proto.DoubleMatch.MatchPatternCase == RangeCase.Exact;
        return new ValueMatcherConfig
        {
            Kind = ValueMatchKind.Number,
            NumberMinimum = isExact ? proto.DoubleMatch.Exact : proto.DoubleMatch.Range.Start,
            NumberMaximum = isExact ? proto.DoubleMatch.Exact : proto.DoubleMatch.Range.End,
        };
    }

    private static ValueMatcherConfig[] Build(RepeatedField<ValueMatcherProto> protos, FieldScope at)
    {
        var matchers = new ValueMatcherConfig[protos.Count];
        for (int i = 0; i < matchers.Length; i++)
        {
            matchers[i] = Build(protos[i], at.Item("value_matchers", i));
        }

        return matchers;
    }
}
