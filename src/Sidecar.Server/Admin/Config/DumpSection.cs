using System;
using System.Collections.Generic;
using Sidecar.Config.Schema;

namespace Sidecar.Server.Admin.Config;

/// <summary>A field of a dump message. Immutable; its elements are those of the moment at which the section was made.</summary>
/// <param name="Schema">The field.</param>
/// <param name="Text">The value of a text field; empty values are left out.</param>
/// <param name="Elements">Wire bytes of the message or messages, made one after the other; null for a text field.</param>
internal sealed record DumpField(FieldSchema Schema, string Text, IEnumerable<byte[]>? Elements);

/// <summary>One of the messages that make up <c>/config_dump</c>. Thread: main.</summary>
/// <param name="Message">Its schema, e.g. of <c>envoy.admin.v3.ClustersConfigDump</c>.</param>
/// <param name="Fields">In the message's order.</param>
internal sealed record DumpSection(MessageSchema Message, IReadOnlyList<DumpField> Fields)
{
    public DumpField? Find(string field)
    {
        foreach (DumpField candidate in Fields)
        {
            if (candidate.Schema.Name == field)
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>Collects the fields of a section. Thread: main.</summary>
internal sealed class DumpSectionBuilder
{
    private readonly MessageSchema _message;
    private readonly List<DumpField> _fields = [];

    public DumpSectionBuilder(SchemaTable table, string messageName) => _message = table.GetMessage("envoy.admin.v3." + messageName);

    public DumpSectionBuilder Text(string field, string text)
    {
        _fields.Add(new DumpField(_message.Find(field)!, text, null));
        return this;
    }

    public DumpSectionBuilder Messages(string field, IEnumerable<byte[]> elements)
    {
        _fields.Add(new DumpField(_message.Find(field)!, string.Empty, elements));
        return this;
    }

    /// <summary>A list of resources.</summary>
    /// <param name="field">Where they are listed.</param>
    /// <param name="entries">All of the kind.</param>
    /// <param name="isListed">Which of them belong here.</param>
    /// <param name="select">The version that is shown.</param>
    public DumpSectionBuilder Resources(
        string field, ConfigEntry[] entries, Func<ConfigEntry, bool> isListed, Func<ConfigEntry, ConfigVersion?> select)
    {
        MessageSchema element = _message.Find(field)!.Message;
        return Messages(field, Elements());

        IEnumerable<byte[]> Elements()
        {
            foreach (ConfigEntry entry in entries)
            {
                if (isListed(entry))
                {
                    yield return ElementWriter.Write(element, entry, select(entry));
                }
            }
        }
    }

    public DumpSection Build() => new(_message, _fields);
}
