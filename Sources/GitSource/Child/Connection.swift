internal import Clibgit2
internal import Glibc

/// A connected remote: its callbacks and the answers of the server.
struct Connection: ~Copyable {
    private let remote: RemoteHandle
    private let conversation: Conversation

    /// Connects for reading.
    init(_ conversation: Conversation, remote: consuming RemoteHandle) throws(LibraryError) {
        self.conversation = conversation
        self.remote = remote
        var options = git_remote_connect_options()
        try check { fairlead_git_connect_options(&options) }
        options.callbacks = conversation.callbacks()
        let pointer = self.remote.pointer
        try check { git_remote_connect_ext(pointer, GIT_DIRECTION_FETCH, &options) }
    }

    /// All that the server offers, by its full name.
    func references() throws(LibraryError) -> [String: git_oid] {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        let pointer = remote.pointer
        try check { git_remote_ls(&heads, &count, pointer) }
        var references: [String: git_oid] = [:]
        for head in UnsafeBufferPointer(start: heads, count: count) {
            guard let head, let bytes = head.pointee.name else { continue }
            references[String(cString: bytes)] = head.pointee.oid
        }
        return references
    }

    /// Brings one branch or tag into the repository of the remote, wherever it moved to.
    func fetch(_ refspec: String) throws(LibraryError) { try fetch([refspec]) }

    /// The same of several; at least one.
    func fetch(_ refspecs: [String]) throws(LibraryError) {
        var options = git_fetch_options()
        try check { fairlead_git_fetch_options(&options) }
        options.callbacks = conversation.callbacks()
        let pointer = remote.pointer
        var words = refspecs.map { strdup($0) }
        defer { for word in words { free(word) } }
        try check {
            words.withUnsafeMutableBufferPointer { buffer in
                var list = git_strarray(strings: buffer.baseAddress, count: buffer.count)
                return git_remote_fetch(pointer, &list, &options, nil)
            }
        }
    }
}
