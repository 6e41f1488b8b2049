using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Schema;

namespace Sidecar.Config.Conversion;

/// <summary>
/// A place inside the message that is being converted: converters hand it down beside the value that stands there, and tell it what is
/// wrong. The path is written out only then. Immutable, but errors go to the one <see cref="Context"/>. Thread: main.
/// </summary>
public sealed class FieldScope
{
    private const int NoIndex = -1;

    private readonly FieldScope? _outer;
    private readonly string _name;
    private readonly string? _key;
    private readonly int _index;

    /// <summary>The message itself.</summary>
    internal FieldScope(ConversionContext context)
        : this(context, null, string.Empty, null, NoIndex)
    {
    }

    private FieldScope(ConversionContext context, FieldScope? outer, string name, string? key, int index)
    {
        Context = context;
        _outer = outer;
        _name = name;
        _key = key;
        _index = index;
    }

    /// <summary>What all converters of the resource share.</summary>
    public ConversionContext Context { get; }

    public ConversionServices Services => Context.Services;

    /// <summary>The field of this message.</summary>
    public FieldScope Field(string name) => new(Context, this, name, null, NoIndex);

    /// <summary>An item of a repeated field of this message.</summary>
    public FieldScope Item(string name, int index) => new(Context, this, name, null, index);

    /// <summary>An entry of a map field of this message.</summary>
    public FieldScope Entry(string name, string key) => new(Context, this, name, key, NoIndex);

    /// <summary>This place is wrong: the resource will be rejected.</summary>
    public void Error(string message) => Context.Errors.Add(default, ToString(), message);

    /// <summary>A field of this message is wrong.</summary>
    public void Error(string field, string message) => Field(field).Error(message);

    /// <summary>A field of this message has a value that is not acted on, which does no harm: a warning.</summary>
    public void Unsupported(string field, string why) => Context.AddUnsupported($"{Field(field)} ({why})");

    /// <summary>The message in an Any; null, with the error told, when it is another one or malformed.</summary>
    public T? Parse<T>(Any any)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return TypedConfig.Parse<T>(any);
        }
        catch (TypedConfigException wrong)
        {
            Error(wrong.Message);
            return null;
        }
    }

    /// <summary>The path, e.g. <c>filter_chains[0].filters[1].typed_config.stat_prefix</c>, after the root's name.</summary>
    public override string ToString()
    {
        var path = new StringBuilder();
        Append(path);
        string root = Context.Root;
        return root.Length == 0 ? path.ToString() : path.Length == 0 ? root : $"{root}: {path}";
    }

    private void Append(StringBuilder path)
    {
        if (_outer is null)
        {
            return;
        }

        _outer.Append(path);
        path.Append(path.Length == 0 ? string.Empty : ".").Append(_name);
        if (_key is not null)
        {
            path.Append('[').Append(_key).Append(']');
        }
        else if (_index != NoIndex)
        {
            path.Append(CultureInfo.InvariantCulture, $"[{_index}]");
        }
    }
}
