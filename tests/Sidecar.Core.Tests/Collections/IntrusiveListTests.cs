using System.Collections.Generic;
using Sidecar.Core.Collections;

namespace Sidecar.Core.Tests.Collections;

public sealed class IntrusiveListTests
{
    private readonly IntrusiveList<Node> _list = new();

    [Fact]
    public void AddFirstAndLast_KeepOrder()
    {
        _list.AddLast(new Node(2));
        _list.AddLast(new Node(3));
        _list.AddFirst(new Node(1));

        Assert.Equal([1, 2, 3], Values());
        Assert.Equal((3, 1, 3), (_list.Count, _list.First!.Value, _list.Last!.Value));
    }

    [Theory]
    [InlineData(0, new[] { 1, 2 })]
    [InlineData(1, new[] { 0, 2 })]
    [InlineData(2, new[] { 0, 1 })]
    public void Remove_AtEachPlace_UnlinksTheNode(int removed, int[] expected)
    {
        var nodes = new[] { new Node(0), new Node(1), new Node(2) };
        foreach (Node node in nodes)
        {
            _list.AddLast(node);
        }

        Assert.True(_list.Remove(nodes[removed]));

        Assert.Equal(expected, Values());
        Assert.False(nodes[removed].Link.IsLinked);
        Assert.False(_list.Remove(nodes[removed]));
    }

    [Fact]
    public void Remove_OfAnotherListsNode_IsRefused()
    {
        var node = new Node(1);
        new IntrusiveList<Node>().AddLast(node);

        Assert.False(_list.Remove(node));
        Assert.True(node.Link.IsLinked);
    }

    [Fact]
    public void Enumeration_SurvivesRemovalOfTheCurrentNode()
    {
        for (int i = 0; i < 5; i++)
        {
            _list.AddLast(new Node(i));
        }

        foreach (Node node in _list)
        {
            _list.Remove(node);
        }

        Assert.True(_list.IsEmpty);
        Assert.Null(_list.First);
        Assert.Null(_list.Last);
    }

    private List<int> Values()
    {
        var values = new List<int>();
        foreach (Node node in _list)
        {
            values.Add(node.Value);
        }

        return values;
    }

    private sealed class Node(int value) : IIntrusiveNode<Node>
    {
        private IntrusiveLink<Node> _link;

        public int Value => value;

        public ref IntrusiveLink<Node> Link => ref _link;
    }
}
