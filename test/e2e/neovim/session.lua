-- One session of Neovim with the language server, on the sample tree: opens the header, notes what the server says, applies the
-- fix for the whole file, saves. Asserts nothing; everything seen goes into a JSON file.
--
-- Environment: WEAKSPOT_NODE and WEAKSPOT_CLI, the server's command; WEAKSPOT_TREE, the tree; WEAKSPOT_RESULT, the file to write.

local tree = vim.env.WEAKSPOT_TREE
local seen = {}

local function symbol_position(symbol)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
    local start = line:find(symbol, 1, true)
    if start then
      return { line = number - 1, character = start - 1 }
    end
  end
end

local function request(method, params)
  local responses, problem = vim.lsp.buf_request_sync(0, method, params, 20000)
  if not responses then
    error(method .. ": " .. problem)
  end
  local _, response = next(responses)
  if response.error then
    error(method .. ": " .. response.error.message)
  end
  return response.result
end

local function run()
  local ended, status
  local id = vim.lsp.start_client({
    handlers = {
      ["weakspot/status"] = function(_, params)
        status = params.state
      end,
    },
    name = "weakspot",
    cmd = { vim.env.WEAKSPOT_NODE, vim.env.WEAKSPOT_CLI, "server", "--stdio" },
    root_dir = tree,
    workspace_folders = { { uri = vim.uri_from_fname(tree), name = "sample" } },
    on_exit = function(code)
      ended = code
    end,
  })
  vim.cmd("edit " .. tree .. "/kernel/table_internal.h")
  vim.lsp.buf_attach_client(0, id)

  vim.wait(20000, function()
    return status == "ready" and #vim.diagnostic.get(0) == 2
  end, 20)
  seen.diagnostics = vim.tbl_map(function(diagnostic)
    return {
      line = diagnostic.lnum,
      from = diagnostic.col,
      to = diagnostic.end_col,
      message = diagnostic.message,
      source = diagnostic.source,
      code = diagnostic.code,
    }
  end, vim.diagnostic.get(0))

  local document = vim.lsp.util.make_text_document_params()
  local position = symbol_position("table_count")
  local hover = request("textDocument/hover", { textDocument = document, position = position })
  seen.hover = hover and hover.contents

  local actions = request("textDocument/codeAction", {
    textDocument = document,
    range = { start = position, ["end"] = position },
    context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(0, position.line) },
  })
  seen.titles = {}
  local for_all
  for _, action in ipairs(actions or {}) do
    table.insert(seen.titles, action.title)
    if not for_all and (" " .. action.title:lower() .. " "):find("%sall%s") then
      for_all = action
    end
  end
  if for_all then
    if not for_all.edit then
      for_all = request("codeAction/resolve", for_all)
    end
    vim.lsp.util.apply_workspace_edit(for_all.edit, vim.lsp.get_client_by_id(id).offset_encoding)
    vim.cmd("silent wall")
    seen.cleared = vim.wait(20000, function()
      return #vim.diagnostic.get(vim.fn.bufnr("table_internal.h")) == 0
    end, 20)
  end

  vim.lsp.stop_client(id)
  vim.wait(10000, function()
    return ended ~= nil
  end, 20)
  seen.exit = ended
end

local worked, problem = pcall(run)
if not worked then
  seen.error = tostring(problem)
end
local file = assert(io.open(vim.env.WEAKSPOT_RESULT, "w"))
file:write(vim.json.encode(seen))
file:close()
vim.cmd("qall!")
