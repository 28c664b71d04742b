;;; session.el --- One session of Emacs with the language server -*- lexical-binding: t -*-

;;; Commentary:
;; Opens the sample tree's header with eglot, and prints as JSON what flymake and the server say.
;; Environment: WEAKSPOT_NODE and WEAKSPOT_CLI, the server's command; WEAKSPOT_TREE, the tree.

;;; Code:
(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'json)
(require 'project)

(defun session-wait-for (condition)
  "Wait until CONDITION, a function, returns non-nil, or for 20 seconds."
  (let ((end (+ (float-time) 20)) found)
    (while (and (not (setq found (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.05))
    found))

(let* ((tree (file-name-as-directory (getenv "WEAKSPOT_TREE")))
       (command (list (getenv "WEAKSPOT_NODE") (getenv "WEAKSPOT_CLI") "server" "--stdio"))
       (eglot-sync-connect 20)
       (eglot-autoshutdown nil))
  (setq project-find-functions (list (lambda (_directory) (cons 'transient tree))))
  (find-file (expand-file-name "kernel/table_internal.h" tree))
  (eglot (list major-mode) (project-current) 'eglot-lsp-server command "C")
  (let ((server (eglot-current-server)))
    (session-wait-for (lambda () (flymake-start) (= (length (flymake-diagnostics)) 2)))
    (goto-char (point-min))
    (search-forward "table_count")
    (backward-char)
    (let ((hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))))
      (princ
       (json-encode
        `((symbols . ,(vconcat
                       (mapcar (lambda (diagnostic)
                                 (buffer-substring-no-properties (flymake-diagnostic-beg diagnostic)
                                                                 (flymake-diagnostic-end diagnostic)))
                               (flymake-diagnostics))))
          (hover . ,(plist-get (plist-get hover :contents) :value))))))
    (eglot-shutdown server)))
;;; session.el ends here
