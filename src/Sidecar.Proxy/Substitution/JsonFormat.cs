using System;
using System.Collections.Generic;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Substitution;

/// <summary>
/// A compiled JSON format (<c>json_format</c>): a tree whose strings are format strings. Keys are written in ordinal order; a string
/// that is one operator keeps the operator's type, and becomes null (or is left out) without a value. Immutable; thread: any.
/// </summary>
public sealed class JsonFormat
{
    private readonly Node _root;

    private JsonFormat(Node root) => _root = root;

    /// <summary>Compiles a tree; main thread.</summary>
    /// <exception cref="SubstitutionFormatException">An operator is unknown or malformed.</exception>
    public static JsonFormat Compile(StructValue tree, bool omitEmptyValues = false) => new(Build(tree, omitEmptyValues));

    /// <summary>Writes the object, without a line end.</summary>
    public void Write(in FormatContext context, TextBuffer output)
    {
        if (!_root.TryWrite(in context, output))
        {
            output.Append("{}"u8);
        }
    }

    private static Node Build(StructValue value, bool omitEmptyValues)
    {
        switch (value.Kind)
        {
            case StructValueKind.Text:
                return new FormatNode(SubstitutionFormat.Compile(value.TextValue, omitEmptyValues), omitEmptyValues);
            case StructValueKind.List:
                var items = new Node[value.Items.Count];
                for (int i = 0; i < items.Length; i++)
                {
                    items[i] = Build(value.Items[i], omitEmptyValues);
                }

                return new ListNode(items);
            case StructValueKind.Struct:
                return BuildStruct(value, omitEmptyValues);
            default:
                var text = new TextBuffer();
                JsonText.Append(text, value);
                return new ConstantNode(text.Written.ToArray());
        }
    }

    private static StructNode BuildStruct(StructValue value, bool omitEmptyValues)
    {
        var keys = new List<string>(value.Fields.Keys);
        keys.Sort(StringComparer.Ordinal);
        var fields = new Field[keys.Count];
        for (int i = 0; i < fields.Length; i++)
        {
            var key = new TextBuffer();
            JsonText.AppendQuoted(key, keys[i]);
            key.Append((byte)':');
            fields[i] = new Field(key.Written.ToArray(), Build(value.Fields[keys[i]], omitEmptyValues));
        }

        return new StructNode(fields, omitEmptyValues);
    }

    private readonly record struct Field(byte[] Key, Node Value);

    private abstract class Node
    {
        /// <summary>False, with nothing written, when the value is to be left out.</summary>
        public abstract bool TryWrite(in FormatContext context, TextBuffer output);
    }

    private sealed class ConstantNode(byte[] text) : Node
    {
        public override bool TryWrite(in FormatContext context, TextBuffer output)
        {
            output.Append(text);
            return true;
        }
    }

    private sealed class FormatNode(SubstitutionFormat format, bool omitEmptyValues) : Node
    {
        public override bool TryWrite(in FormatContext context, TextBuffer output)
        {
            if (format.TryWriteJson(in context, output))
            {
                return true;
            }

            if (!omitEmptyValues)
            {
                output.Append("null"u8);
            }

            return !omitEmptyValues;
        }
    }

    private sealed class ListNode(Node[] items) : Node
    {
        public override bool TryWrite(in FormatContext context, TextBuffer output)
        {
            output.Append((byte)'[');
            bool first = true;
            foreach (Node item in items)
            {
                int mark = output.Length;
                if (!first)
                {
                    output.Append((byte)',');
                }

                if (item.TryWrite(in context, output))
                {
                    first = false;
                }
                else
                {
                    output.Truncate(mark);
                }
            }

            output.Append((byte)']');
            return true;
        }
    }

    private sealed class StructNode(Field[] fields, bool omitEmptyValues) : Node
    {
        public override bool TryWrite(in FormatContext context, TextBuffer output)
        {
            int start = output.Length;
            output.Append((byte)'{');
            bool first = true;
            foreach (Field field in fields)
            {
                int mark = output.Length;
                if (!first)
                {
                    output.Append((byte)',');
                }

                output.Append(field.Key);
                if (field.Value.TryWrite(in context, output))
                {
                    first = false;
                }
                else
                {
                    output.Truncate(mark);
                }
            }

            if (first && omitEmptyValues)
            {
                output.Truncate(start);
                return false;
            }

            output.Append((byte)'}');
            return true;
        }
    }
}
