using System.Collections.Generic;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Matching;

/// <summary>What a <see cref="ValueMatcherConfig"/> compares.</summary>
public enum ValueMatchKind : byte
{
    Present = 0,
    Null,
    Number,
    String,
    Bool,
    List,
    Or,
}

/// <summary>Envoy's <c>ValueMatcher</c>.</summary>
public sealed record ValueMatcherConfig
{
    public ValueMatchKind Kind { get; init; }

    public StringMatcherConfig? StringMatch { get; init; }

    public bool BoolMatch { get; init; }

    /// <summary><c>present_match</c>.</summary>
    public bool Present { get; init; } = true;

    /// <summary>Lowest number that matches; an exact number is both bounds.</summary>
    public double NumberMinimum { get; init; }

    /// <summary>Excluded, unless it equals the minimum.</summary>
    public double NumberMaximum { get; init; }

    /// <summary>Matcher of one element (list) or the alternatives (or).</summary>
    public IReadOnlyList<ValueMatcherConfig> Children { get; init; } = [];
}

/// <summary>Envoy's <c>MetadataMatcher</c>: a value at a path in one filter's metadata.</summary>
public sealed record MetadataMatcherConfig
{
    public required string Filter { get; init; }

    public required IReadOnlyList<string> Path { get; init; }

    public required ValueMatcherConfig Value { get; init; }

    public bool Invert { get; init; }
}

/// <summary>A compiled metadata matcher. Immutable; thread: any.</summary>
public sealed class MetadataMatcher
{
    private readonly string _filter;
    private readonly string[] _path;
    private readonly ValueMatcher _value;
    private readonly bool _invert;

    /// <exception cref="Regex.RegexSyntaxException">A regex is malformed.</exception>
    public MetadataMatcher(MetadataMatcherConfig config)
    {
        _filter = config.Filter;
        _path = [.. config.Path];
        _value = new ValueMatcher(config.Value);
        _invert = config.Invert;
    }

    public bool IsMatch(DynamicMetadata metadata) => _value.IsMatch(metadata.Find(_filter, _path)) != _invert;

    public bool IsMatch(MetadataModel metadata) => _value.IsMatch(metadata.Find(_filter, _path)) != _invert;

    private sealed class ValueMatcher
    {
        private readonly ValueMatcherConfig _config;
        private readonly StringMatcher? _string;
        private readonly ValueMatcher[] _children;

        public ValueMatcher(ValueMatcherConfig config)
        {
            _config = config;
            _string = config.StringMatch is null ? null : new StringMatcher(config.StringMatch);
            _children = new ValueMatcher[config.Children.Count];
            for (int i = 0; i < _children.Length; i++)
            {
                _children[i] = new ValueMatcher(config.Children[i]);
            }
        }

        public bool IsMatch(StructValue? value)
        {
            switch (_config.Kind)
            {
                case ValueMatchKind.Present:
                    return (value is not null) == _config.Present;
                case ValueMatchKind.Null:
                    return value?.Kind == StructValueKind.Null;
                case ValueMatchKind.Number:
                    return value?.Kind == StructValueKind.Number && IsInRange(value.NumberValue);
                case ValueMatchKind.Bool:
                    return value?.Kind == StructValueKind.Bool && value.BoolValue == _config.BoolMatch;
                case ValueMatchKind.String:
                    return value?.Kind == StructValueKind.Text && IsTextMatch(value.TextValue);
                case ValueMatchKind.List:
                    return value?.Kind == StructValueKind.List && AnyItemMatches(value);
                default:
                    return AnyChildMatches(value);
            }
        }

        private bool IsInRange(double number) => number >= _config.NumberMinimum
            && (number < _config.NumberMaximum || _config.NumberMinimum.Equals(_config.NumberMaximum) && number.Equals(_config.NumberMinimum));

        private bool IsTextMatch(string text)
        {
            TextBuffer scratch = TextBuffer.Scratch;
            scratch.Append(text);
            return _string!.IsMatch(scratch.Written);
        }

        private bool AnyItemMatches(StructValue list)
        {
            for (int i = 0; i < list.Items.Count; i++)
            {
                if (_children[0].IsMatch(list.Items[i]))
                {
                    return true;
                }
            }

            return false;
        }

        private bool AnyChildMatches(StructValue? value)
        {
            foreach (ValueMatcher child in _children)
            {
                if (child.IsMatch(value))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
