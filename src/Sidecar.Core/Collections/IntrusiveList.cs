using System.Diagnostics;

namespace Sidecar.Core.Collections;

/// <summary>An object that carries its own place in an <see cref="IntrusiveList{T}"/>; it is in one such list at a time.</summary>
public interface IIntrusiveNode<T>
    where T : class, IIntrusiveNode<T>
{
    /// <summary>The node's field; only the list writes it.</summary>
    public ref IntrusiveLink<T> Link { get; }
}

/// <summary>The place of an object in a list.</summary>
public struct IntrusiveLink<T>
    where T : class, IIntrusiveNode<T>
{
    internal IntrusiveList<T>? List;
    internal T? Previous;
    internal T? Next;

    /// <summary>True while the object is in a list.</summary>
    public readonly bool IsLinked => List is not null;
}

/// <summary>
/// A doubly linked list whose nodes are the objects themselves: adding, removing and moving allocate nothing and take constant time.
/// Enumeration survives the removal of the object it stands on. Thread: its owner's.
/// </summary>
public sealed class IntrusiveList<T>
    where T : class, IIntrusiveNode<T>
{
    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    public T? First { get; private set; }

    public T? Last { get; private set; }

    /// <summary>The object after <paramref name="node"/>, or null.</summary>
    public T? Next(T node) => node.Link.Next;

    /// <summary>The object before <paramref name="node"/>, or null.</summary>
    public T? Previous(T node) => node.Link.Previous;

    public bool Contains(T node) => ReferenceEquals(node.Link.List, this);

    public void AddLast(T node)
    {
        ref IntrusiveLink<T> link = ref Claim(node);
        link.Previous = Last;
        if (Last is null)
        {
            First = node;
        }
        else
        {
            Last.Link.Next = node;
        }

        Last = node;
    }

    public void AddFirst(T node)
    {
        ref IntrusiveLink<T> link = ref Claim(node);
        link.Next = First;
        if (First is null)
        {
            Last = node;
        }
        else
        {
            First.Link.Previous = node;
        }

        First = node;
    }

    /// <summary>Takes an object out; false when it is not in this list.</summary>
    public bool Remove(T node)
    {
        ref IntrusiveLink<T> link = ref node.Link;
        if (!ReferenceEquals(link.List, this))
        {
            return false;
        }

        T? previous = link.Previous;
        T? next = link.Next;
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.Link.Next = next;
        }

        if (next is null)
        {
            Last = previous;
        }
        else
        {
            next.Link.Previous = previous;
        }

        link = default;
        Count--;
        return true;
    }

    /// <summary>Takes out the first object; null when the list is empty.</summary>
    public T? RemoveFirst()
    {
        T? first = First;
        if (first is not null)
        {
            Remove(first);
        }

        return first;
    }

    /// <summary>Takes out the last object; null when the list is empty.</summary>
    public T? RemoveLast()
    {
        T? last = Last;
        if (last is not null)
        {
            Remove(last);
        }

        return last;
    }

    /// <summary>For <c>foreach</c>; the object it stands on may be removed in the loop, others may not.</summary>
    public Enumerator GetEnumerator() => new(First);

    private ref IntrusiveLink<T> Claim(T node)
    {
        ref IntrusiveLink<T> link = ref node.Link;
        Debug.Assert(link.List is null, "an object is in one list at a time");
        link.List = this;
        Count++;
        return ref link;
    }

    /// <summary>Walks a list from its first object.</summary>
    public struct Enumerator
    {
        private T? _next;

        internal Enumerator(T? first)
        {
            _next = first;
            Current = null!;
        }

        public T Current { get; private set; }

        public bool MoveNext()
        {
            if (_next is null)
            {
                return false;
            }

            Current = _next;
            _next = _next.Link.Next;
            return true;
        }
    }
}
