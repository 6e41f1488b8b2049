using System;
using System.Collections.Generic;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Routing;

/// <summary>
/// The routes of a virtual host under the bytes that their paths begin with. A walk along a request's path meets every route that can
/// match and few others, in time proportional to the path. Immutable; thread: any.
/// </summary>
/// <remarks>
/// A compressed trie in flat arrays: a node has a label, its children stand side by side, told apart by their first bytes. Each node
/// lists the routes whose path ends there: <c>exact</c> ones count when the request's path ends too, <c>below</c> ones whatever follows.
/// </remarks>
internal sealed class PathTrie
{
    private readonly Node[] _nodes;
    private readonly byte[] _firstBytes;
    private readonly byte[] _labels;
    private readonly int[] _routes;
    private readonly bool _ignoreCase;

    private PathTrie(Node[] nodes, byte[] firstBytes, byte[] labels, int[] routes, bool ignoreCase)
    {
        _nodes = nodes;
        _firstBytes = firstBytes;
        _labels = labels;
        _routes = routes;
        _ignoreCase = ignoreCase;
    }

    /// <summary>Starts a walk.</summary>
    public Walk Along(ReadOnlySpan<byte> path) => new(this, path);

    private struct Node
    {
        public int LabelStart;
        public int LabelLength;
        public int FirstChild;
        public int ChildCount;
        public int ExactStart;
        public int ExactCount;
        public int BelowStart;
        public int BelowCount;
    }

    /// <summary>One walk from the root along a path. Each step yields the routes of one list in their order.</summary>
    internal ref struct Walk
    {
        private readonly PathTrie _trie;
        private ReadOnlySpan<byte> _rest;
        private int _node;
        private bool _atExact;

        public Walk(PathTrie trie, ReadOnlySpan<byte> path)
        {
            _trie = trie;
            _rest = path;
        }

        public bool MoveNext(out ReadOnlySpan<int> routes)
        {
            while (_node >= 0)
            {
                ref Node node = ref _trie._nodes[_node];
                if (!_atExact)
                {
                    _atExact = true;
                    if (node.BelowCount > 0)
                    {
                        routes = _trie._routes.AsSpan(node.BelowStart, node.BelowCount);
                        return true;
                    }
                }

                _atExact = false;
                if (_rest.IsEmpty)
                {
                    _node = -1;
                    routes = _trie._routes.AsSpan(node.ExactStart, node.ExactCount);
                    return node.ExactCount > 0;
                }

                Descend(ref node);
            }

            routes = default;
            return false;
        }

        private void Descend(ref Node node)
        {
            byte first = _trie._ignoreCase ? AsciiText.Lower(_rest[0]) : _rest[0];
            int child = _trie._firstBytes.AsSpan(node.FirstChild, node.ChildCount).IndexOf(first);
            if (child < 0)
            {
                _node = -1;
                return;
            }

            _node = node.FirstChild + child;
            ref Node next = ref _trie._nodes[_node];
            ReadOnlySpan<byte> label = _trie._labels.AsSpan(next.LabelStart, next.LabelLength);
            bool follows = _trie._ignoreCase ? AsciiText.StartsWithLower(_rest, label) : _rest.StartsWith(label);
            if (!follows)
            {
                _node = -1;
                return;
            }

            _rest = _rest[label.Length..];
        }
    }

    /// <summary>Collects routes in their order. Main thread.</summary>
    internal sealed class Builder(bool ignoreCase)
    {
        private readonly Branch _root = new([]);

        public bool IsEmpty { get; private set; } = true;

        /// <param name="path">In lower case when case is ignored.</param>
        /// <param name="exact">The whole path, or what it begins with.</param>
        /// <param name="route">Index of the route; calls come in ascending order.</param>
        public void Add(ReadOnlySpan<byte> path, bool exact, int route)
        {
            IsEmpty = false;
            Branch branch = _root;
            while (!path.IsEmpty)
            {
                branch = branch.Child(path, out int consumed);
                path = path[consumed..];
            }

            (exact ? branch.Exact : branch.Below).Add(route);
        }

        public PathTrie Build()
        {
            var nodes = new List<Node>();
            var labels = new List<byte>();
            var routes = new List<int>();
            var queue = new List<Branch> { _root };
            for (int i = 0; i < queue.Count; i++)
            {
                Branch branch = queue[i];
                nodes.Add(new Node
                {
                    LabelStart = labels.Count,
                    LabelLength = branch.Label.Length,
                    FirstChild = queue.Count,
                    ChildCount = branch.Children.Count,
                    ExactStart = routes.Count,
                    ExactCount = branch.Exact.Count,
                    BelowStart = routes.Count + branch.Exact.Count,
                    BelowCount = branch.Below.Count,
                });
                labels.AddRange(branch.Label);
                routes.AddRange(branch.Exact);
                routes.AddRange(branch.Below);
                queue.AddRange(branch.Children.Values);
            }

            var firstBytes = new byte[queue.Count];
            for (int i = 1; i < firstBytes.Length; i++)
            {
                firstBytes[i] = queue[i].Label[0];
            }

            return new PathTrie([.. nodes], firstBytes, [.. labels], [.. routes], ignoreCase);
        }
    }

    /// <summary>A node while the trie grows.</summary>
    private sealed class Branch(byte[] label)
    {
        public byte[] Label { get; private set; } = label;

        public SortedDictionary<byte, Branch> Children { get; private set; } = [];

        public List<int> Exact { get; private set; } = [];

        public List<int> Below { get; private set; } = [];

        /// <summary>The child on the way of a path, made or split as needed.</summary>
        public Branch Child(ReadOnlySpan<byte> path, out int consumed)
        {
            if (!Children.TryGetValue(path[0], out Branch? child))
            {
                child = new Branch(path.ToArray());
                Children[path[0]] = child;
                consumed = path.Length;
                return child;
            }

            consumed = path.CommonPrefixLength(child.Label);
            if (consumed < child.Label.Length)
            {
                child.Split(consumed);
            }

            return child;
        }

        /// <summary>What was this node becomes the child of a shorter one.</summary>
        private void Split(int length)
        {
            var rest = new Branch(Label[length..]) { Children = Children, Exact = Exact, Below = Below };
            Label = Label[..length];
            Children = new SortedDictionary<byte, Branch> { [rest.Label[0]] = rest };
            Exact = [];
            Below = [];
        }
    }
}
