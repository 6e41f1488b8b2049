using System;
using System.Collections.Generic;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.HeaderMutations;

/// <summary>
/// Headers to remove and to add at one level of a route table, compiled. Applying it removes first; then every value is computed from
/// the headers as they are, and only then are they set and added, so that no value sees another's. Immutable; thread: any.
/// </summary>
public sealed class HeaderMutation
{
    /// <summary>A bound that lets the values of one level be kept on the stack.</summary>
    private const int MaxAdditions = 1000;

    private readonly HeaderName[] _removals;
    private readonly Addition[] _additions;

    private HeaderMutation(HeaderName[] removals, Addition[] additions)
    {
        _removals = removals;
        _additions = additions;
    }

    /// <summary>Changes nothing.</summary>
    public static HeaderMutation None { get; } = new([], []);

    public bool IsEmpty => _removals.Length == 0 && _additions.Length == 0;

    /// <summary>Compiles one level; main thread.</summary>
    /// <exception cref="HeaderMutationException">A pseudo header or the host is among the names.</exception>
    /// <exception cref="SubstitutionFormatException">A value is no valid format.</exception>
    public static HeaderMutation Create(IReadOnlyList<HeaderValueOptionConfig> add, IReadOnlyList<string> remove)
    {
        if (add.Count == 0 && remove.Count == 0)
        {
            return None;
        }

        if (add.Count > MaxAdditions)
        {
            throw new HeaderMutationException($"at most {MaxAdditions} headers can be added at one level");
        }

        var removals = new HeaderName[remove.Count];
        for (int i = 0; i < removals.Length; i++)
        {
            if (IsProtected(remove[i]))
            {
                throw new HeaderMutationException($":-prefixed or host headers may not be removed: {remove[i]}");
            }

            removals[i] = new HeaderName(remove[i]);
        }

        var additions = new Addition[add.Count];
        for (int i = 0; i < additions.Length; i++)
        {
            if (IsProtected(add[i].Key))
            {
                throw new HeaderMutationException($":-prefixed or host headers may not be modified: {add[i].Key}");
            }

            additions[i] = new Addition(add[i]);
        }

        return new HeaderMutation(removals, additions);
    }

    /// <summary>Changes the headers; the context's maps may include them.</summary>
    public void Apply(HeaderMap headers, in FormatContext context)
    {
        foreach (HeaderName name in _removals)
        {
            name.Remove(headers);
        }

        if (_additions.Length > 0)
        {
            Add(headers, in context);
        }
    }

    private void Add(HeaderMap headers, in FormatContext context)
    {
        TextBuffer values = TextBuffer.Scratch;
        Span<int> ends = stackalloc int[_additions.Length];
        for (int i = 0; i < _additions.Length; i++)
        {
            _additions[i].Write(in context, values);
            ends[i] = values.Length;
        }

        ReadOnlySpan<byte> text = values.Written;
        for (int i = 0; i < _additions.Length; i++)
        {
            Addition addition = _additions[i];
            ReadOnlySpan<byte> value = text[(i == 0 ? 0 : ends[i - 1])..ends[i]];
            if (addition.Overwrites && (!value.IsEmpty || addition.KeepsEmptyValue)
                && (addition.Action == HeaderAppendAction.OverwriteIfExistsOrAdd || addition.Name.IsPresent(headers)))
            {
                addition.Name.Set(headers, value);
            }
        }

        for (int i = 0; i < _additions.Length; i++)
        {
            Addition addition = _additions[i];
            ReadOnlySpan<byte> value = text[(i == 0 ? 0 : ends[i - 1])..ends[i]];
            if (!addition.Overwrites && (!value.IsEmpty || addition.KeepsEmptyValue)
                && (addition.Action == HeaderAppendAction.AppendIfExistsOrAdd || !addition.Name.IsPresent(headers)))
            {
                addition.Name.Add(headers, value);
            }
        }
    }

    private static bool IsProtected(string name) => name.StartsWith(':') || name.Equals("host", StringComparison.OrdinalIgnoreCase);

    private sealed class Addition(HeaderValueOptionConfig config)
    {
        private readonly SubstitutionFormat _format = SubstitutionFormat.Compile(config.Value, omitEmptyValues: true);

        public HeaderName Name { get; } = new(config.Key);

        public HeaderAppendAction Action { get; } = config.AppendAction;

        public bool KeepsEmptyValue { get; } = config.KeepEmptyValue;

        public bool Overwrites => Action is HeaderAppendAction.OverwriteIfExists or HeaderAppendAction.OverwriteIfExistsOrAdd;

        public void Write(in FormatContext context, TextBuffer output) => _format.Write(in context, output);
    }
}
