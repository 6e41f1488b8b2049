using System;
using System.Collections.Generic;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Schema;

/// <summary>
/// What a message sets that Sidecar does not act on: fields that are not in the list of supported ones, fields and types newer than the
/// API that it was built with, and deprecated fields, which work but deserve a warning. Immutable.
/// </summary>
public sealed class UnsupportedFieldReport
{
    private readonly List<string> _unsupported = [];
    private readonly List<string> _deprecated = [];
    private readonly List<string> _vital = [];
    private readonly List<string> _unknown = [];

    private UnsupportedFieldReport()
    {
    }

    /// <summary>Paths of set fields that are not supported; of a field number that is unknown, its message's path and the number.</summary>
    public IReadOnlyList<string> Unsupported => _unsupported;

    /// <summary>Paths of set fields that the API calls deprecated.</summary>
    public IReadOnlyList<string> Deprecated => _deprecated;

    /// <summary>Those of <see cref="Unsupported"/> that it would be unsafe to ignore.</summary>
    public IReadOnlyList<string> Vital => _vital;

    /// <summary>Those of <see cref="Unsupported"/> that the table does not know.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    public bool IsEmpty => _unsupported.Count == 0 && _deprecated.Count == 0;

    /// <summary>Checks one message.</summary>
    /// <param name="table">Where types are looked up.</param>
    /// <param name="supported">The supported fields.</param>
    /// <param name="messageName">Full name of the message.</param>
    /// <param name="bytes">The wire bytes, borrowed for the call.</param>
    /// <param name="root">Stands before the paths, e.g. clusters.foo.</param>
    public static UnsupportedFieldReport Check(
        SchemaTable table, SupportedFields supported, string messageName, ReadOnlySpan<byte> bytes, string root = "")
    {
        UnsupportedFieldReport report = new();
        FieldWalker.Visit(table, messageName, bytes, new Visitor(supported, report), root);
        return report;
    }

    private sealed class Visitor(SupportedFields supported, UnsupportedFieldReport report) : IFieldVisitor
    {
        public bool OnField(MessageSchema message, FieldSchema field, FieldPath path)
        {
            if (field.IsDeprecated)
            {
                report._deprecated.Add(path.ToString());
            }

            bool isSupported = supported.Contains(message, field);
            if (!isSupported)
            {
                report._unsupported.Add(path.ToString());
                if (supported.IsVital(message, field))
                {
                    report._vital.Add(path.ToString());
                }
            }

            return isSupported;
        }

        public void OnUnknownField(MessageSchema message, int number, FieldPath path)
        {
            string text = $"{path}{(path.Depth == 0 && path.Root.Length == 0 ? "" : " ")}(field {number} of {message.FullName})";
            report._unsupported.Add(text);
            report._unknown.Add(text);
            if (supported.IsVital(message))
            {
                report._vital.Add(text);
            }
        }

        public void OnUnknownType(string typeUrl, FieldPath path) =>
            report._unsupported.Add($"{path} (type {SchemaTable.NameOf(typeUrl)})");
    }
}
