namespace Sidecar.Server.Admin.Pages;

/// <summary><c>/</c>: every command as a form. Thread: main.</summary>
public sealed class HomeHandler(AdminHandlers handlers) : AdminHandler("/", "this list as a web page")
{
    public override void Handle(AdminRequest request, AdminResponse response)
    {
        HtmlPage.Begin(response, "Sidecar admin");
        response.Write("<table>\n");
        foreach (AdminHandler handler in handlers.All)
        {
            HtmlForm.Write(response, handler, AdminQuery.Empty);
        }

        response.Write("</table>\n");
        HtmlPage.End(response);
    }
}

/// <summary><c>/help</c>: every command as text. Thread: main.</summary>
public sealed class HelpHandler(AdminHandlers handlers) : AdminHandler("/help", "print this list")
{
    public override void Handle(AdminRequest request, AdminResponse response) => response.Write(handlers.HelpText());
}
