using System;

namespace Sidecar.Config.Schema;

/// <summary>The type of a field; values are those of google.protobuf.FieldDescriptorProto.Type.</summary>
public enum FieldKind : byte
{
    None = 0,
    Double = 1,
    Float = 2,
    Int64 = 3,
    UInt64 = 4,
    Int32 = 5,
    Fixed64 = 6,
    Fixed32 = 7,
    Bool = 8,
    String = 9,
    Group = 10,
    Message = 11,
    Bytes = 12,
    UInt32 = 13,
    Enum = 14,
    SFixed32 = 15,
    SFixed64 = 16,
    SInt32 = 17,
    SInt64 = 18,
}

/// <summary>One field of a message. Immutable but for references that are resolved on first use.</summary>
public sealed class FieldSchema
{
    private readonly SchemaTable _table;
    private readonly ReadOnlyMemory<byte> _rules;
    private Validate.FieldRules? _parsedRules;
    private MessageSchema? _message;
    private EnumSchema? _enum;

    internal FieldSchema(SchemaTable table, in FieldDeclaration declaration)
    {
        _table = table;
        _rules = declaration.Rules;
        Name = declaration.Name;
        JsonName = declaration.JsonName.Length == 0 ? declaration.Name : declaration.JsonName;
        Number = declaration.Number;
        Kind = declaration.Kind;
        TypeName = declaration.TypeName;
        IsRepeated = declaration.IsRepeated;
        OneofIndex = declaration.OneofIndex;
        HasPresence = !IsRepeated && (declaration.HasExplicitPresence || OneofIndex >= 0 || Kind == FieldKind.Message);
        IsDeprecated = declaration.IsDeprecated;
        IsSensitive = declaration.IsSensitive;
    }

    /// <summary>The name in the proto file, snake_case.</summary>
    public string Name { get; }

    /// <summary>The lowerCamelCase name.</summary>
    public string JsonName { get; }

    public int Number { get; }

    public FieldKind Kind { get; }

    public bool IsRepeated { get; }

    /// <summary>Index into <see cref="MessageSchema.Oneofs"/>, -1 if in none.</summary>
    public int OneofIndex { get; }

    /// <summary>True if a default value differs from an absent field.</summary>
    public bool HasPresence { get; }

    public bool IsDeprecated { get; }

    /// <summary>True if admin output must not show the value (udpa.annotations.sensitive).</summary>
    public bool IsSensitive { get; }

    /// <summary>Full name of the message or enum type, empty for scalars.</summary>
    public string TypeName { get; }

    public bool IsMap => IsRepeated && Kind == FieldKind.Message && Message.IsMapEntry;

    /// <summary>The schema of a message field.</summary>
    public MessageSchema Message => _message ??= _table.GetMessage(TypeName);

    /// <summary>The schema of an enum field.</summary>
    public EnumSchema Enum => _enum ??= _table.GetEnum(TypeName);

    /// <summary>The validate rules of the field, null if it has none.</summary>
    public Validate.FieldRules? Rules => _rules.IsEmpty ? null : _parsedRules ??= Validate.FieldRules.Parser.ParseFrom(_rules.Span);

    /// <summary>How a single value of this field is laid out.</summary>
    public WireType WireType => Kind switch
    {
        FieldKind.Double or FieldKind.Fixed64 or FieldKind.SFixed64 => WireType.Fixed64,
        FieldKind.Float or FieldKind.Fixed32 or FieldKind.SFixed32 => WireType.Fixed32,
        FieldKind.String or FieldKind.Bytes or FieldKind.Message => WireType.LengthDelimited,
        _ => WireType.Varint,
    };
}

/// <summary>What the descriptor of one field says; filled while it is read.</summary>
internal ref struct FieldDeclaration
{
    public FieldDeclaration()
    {
    }

    public string Name = "";
    public string JsonName = "";
    public string TypeName = "";
    public int Number;
    public FieldKind Kind;
    public bool IsRepeated;
    public bool HasExplicitPresence;
    public int OneofIndex = -1;
    public bool IsDeprecated;
    public bool IsSensitive;
    public ReadOnlyMemory<byte> Rules;
}
