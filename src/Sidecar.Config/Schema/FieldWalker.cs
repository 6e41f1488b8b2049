using System;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Schema;

/// <summary>Is told what a message sets, in field order, outer fields before those inside them.</summary>
public interface IFieldVisitor
{
    /// <summary>A field that is set.</summary>
    /// <param name="message">The message that declares the field.</param>
    /// <param name="field">The field.</param>
    /// <param name="path">Where it stands; valid during the call.</param>
    /// <returns>True to visit what is inside the field.</returns>
    public bool OnField(MessageSchema message, FieldSchema field, FieldPath path);

    /// <summary>A field number that the table lacks: the control plane is newer than our protos.</summary>
    public void OnUnknownField(MessageSchema message, int number, FieldPath path);

    /// <summary>An Any whose type the table lacks.</summary>
    public void OnUnknownType(string typeUrl, FieldPath path);
}

/// <summary>Walks wire bytes and tells a visitor which fields are set, through Any and TypedStruct. One thread, one message.</summary>
public sealed class FieldWalker
{
    private const int MaxDepth = 100;

    private readonly SchemaTable _table;
    private readonly IFieldVisitor _visitor;
    private readonly FieldPath _path;
    private readonly WireFieldStack _fields = new();
    private int _depth;

    private FieldWalker(SchemaTable table, IFieldVisitor visitor, FieldPath path)
    {
        _table = table;
        _visitor = visitor;
        _path = path;
    }

    /// <summary>Visits a message.</summary>
    /// <param name="table">Where types are looked up.</param>
    /// <param name="messageName">Full name of the message.</param>
    /// <param name="bytes">The wire bytes, borrowed for the call.</param>
    /// <param name="visitor">Is told what is set.</param>
    /// <param name="root">Stands before the paths, e.g. clusters.foo.</param>
    public static void Visit(SchemaTable table, string messageName, ReadOnlySpan<byte> bytes, IFieldVisitor visitor, string root = "") =>
        new FieldWalker(table, visitor, new FieldPath(root)).VisitMessage(table.GetMessage(messageName), bytes);

    private void VisitMessage(MessageSchema message, ReadOnlySpan<byte> bytes)
    {
        if (++_depth <= MaxDepth)
        {
            if (message.WellKnown == WellKnownType.Any)
            {
                VisitAny(bytes);
            }
            else if (message.WellKnown == WellKnownType.None)
            {
                VisitFields(message, bytes);
            }
        }

        _depth--;
    }

    private void VisitAny(ReadOnlySpan<byte> bytes)
    {
        TypedPayload payload = TypedPayload.Unwrap(_table, bytes);
        if (payload.Message is { } message)
        {
            VisitMessage(message, payload.Bytes);
        }
        else if (payload.TypeUrl.Length > 0)
        {
            _visitor.OnUnknownType(payload.TypeUrl, _path);
        }
    }

    private void VisitFields(MessageSchema message, ReadOnlySpan<byte> bytes)
    {
        int start = _fields.Count;
        _fields.Push(bytes);
        int stop = _fields.Count;
        for (int at = start; at < stop;)
        {
            int end = _fields.EndOfRun(at);
            WireField last = _fields[end - 1];
            if (message.Find(last.Number) is not { } field)
            {
                _visitor.OnUnknownField(message, last.Number, _path);
            }
            else if (field.HasPresence || field.IsRepeated || (last.Type == WireType.LengthDelimited ? last.Length > 0 : last.Value != 0))
            {
                _path.PushField(field.Name);
                if (_visitor.OnField(message, field, _path) && field.Kind == FieldKind.Message)
                {
                    VisitInside(field, bytes, at, end);
                }

                _path.Pop();
            }

            at = end;
        }

        _fields.PopTo(start);
    }

    private void VisitInside(FieldSchema field, ReadOnlySpan<byte> bytes, int start, int end)
    {
        if (!field.IsRepeated)
        {
            VisitMessage(field.Message, _fields.MergedPayload(bytes, start, end));
            return;
        }

        FieldSchema? mapValue = field.IsMap ? field.Message.Find(2) : null;
        for (int i = start; i < end; i++)
        {
            ReadOnlySpan<byte> item = _fields[i].Payload(bytes);
            if (mapValue is null)
            {
                _path.PushIndex(i - start);
                VisitMessage(field.Message, item);
                _path.Pop();
            }
            else if (mapValue.Kind == FieldKind.Message)
            {
                _path.PushKey(WireValues.ReadMapKey(field.Message.Find(1)!, item));
                VisitMessage(mapValue.Message, WireValues.FindLast(item, 2).Payload(item));
                _path.Pop();
            }
        }
    }
}
