internal import Clibgit2
internal import Glibc

/// libgit2's custom subtransport: git's protocol runs over the pipes of an ssh process.
///
/// libgit2 owns the two C structures and frees them through their own callbacks; each holds one reference to the
/// session.
enum SSHTransport {
    /// For `git_remote_callbacks.transport`; the payload is the `Conversation`.
    static let create: git_transport_cb = { out, owner, payload in
        var definition = git_smart_subtransport_definition(callback: subtransport, rpc: 0, param: payload)
        return git_transport_smart(out, owner, &definition)
    }

    private static let subtransport: git_smart_subtransport_cb = { out, _, payload in
        guard let payload else { return GIT_ERROR.rawValue }
        let pointer = UnsafeMutablePointer<fairlead_git_subtransport>.allocate(capacity: 1)
        let base = git_smart_subtransport(action: action, close: close, free: free)
        let conversation = Unmanaged<Conversation>.fromOpaque(payload)
        pointer.initialize(to: fairlead_git_subtransport(base: base, session: conversation.retain().toOpaque()))
        out?.pointee = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: git_smart_subtransport.self)
        return 0
    }

    private static let action:
        @convention(c) (
            UnsafeMutablePointer<UnsafeMutablePointer<git_smart_subtransport_stream>?>?,
            UnsafeMutablePointer<git_smart_subtransport>?, UnsafePointer<CChar>?, git_smart_service_t
        ) -> Int32 = { out, transport, _, service in
            guard let transport, let conversation = conversation(of: transport),
                service == GIT_SERVICE_UPLOADPACK_LS || service == GIT_SERVICE_UPLOADPACK
            else { return GIT_ERROR.rawValue }
            // One process serves both the list of branches and the pack; libgit2 wants the same stream again.
            if let stream = conversation.stream {
                out?.pointee = stream
                return 0
            }
            guard conversation.openSSH() else { return conversation.reportSSH() }
            let pointer = UnsafeMutablePointer<fairlead_git_stream>.allocate(capacity: 1)
            let base = git_smart_subtransport_stream(
                subtransport: transport, read: read, write: write, free: freeStream)
            pointer.initialize(
                to: fairlead_git_stream(base: base, session: Unmanaged.passRetained(conversation).toOpaque()))
            let stream = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: git_smart_subtransport_stream.self)
            conversation.stream = stream
            out?.pointee = stream
            return 0
        }

    private static let close: @convention(c) (UnsafeMutablePointer<git_smart_subtransport>?) -> Int32 = { transport in
        transport.flatMap(conversation(of:))?.closeSSH()
        return 0
    }

    private static let free: @convention(c) (UnsafeMutablePointer<git_smart_subtransport>?) -> Void = { transport in
        guard let transport else { return }
        let pointer = UnsafeMutableRawPointer(transport).assumingMemoryBound(to: fairlead_git_subtransport.self)
        release(pointer.pointee.session)
        pointer.deallocate()
    }

    private static let read:
        @convention(c) (
            UnsafeMutablePointer<git_smart_subtransport_stream>?, UnsafeMutablePointer<CChar>?, Int,
            UnsafeMutablePointer<Int>?
        ) -> Int32 = { stream, buffer, size, count in
            guard let conversation = stream.flatMap(conversation(of:)) else { return GIT_ERROR.rawValue }
            let bytes = conversation.ssh?.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size)) ?? 0
            count?.pointee = bytes
            // Git's protocol tells when it is over; an end before that is ssh's or the server's failure.
            return bytes > 0 ? 0 : conversation.reportSSH()
        }

    private static let write:
        @convention(c) (
            UnsafeMutablePointer<git_smart_subtransport_stream>?, UnsafePointer<CChar>?, Int
        ) -> Int32 = { stream, buffer, size in
            guard let conversation = stream.flatMap(conversation(of:)) else { return GIT_ERROR.rawValue }
            let isWritten = conversation.ssh?.write(UnsafeRawBufferPointer(start: buffer, count: size)) ?? false
            return isWritten ? 0 : conversation.reportSSH()
        }

    private static let freeStream: @convention(c) (UnsafeMutablePointer<git_smart_subtransport_stream>?) -> Void = {
        stream in
        guard let stream else { return }
        conversation(of: stream)?.stream = nil
        let pointer = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: fairlead_git_stream.self)
        release(pointer.pointee.session)
        pointer.deallocate()
    }

    private static func conversation(of transport: UnsafeMutablePointer<git_smart_subtransport>) -> Conversation? {
        let pointer = UnsafeMutableRawPointer(transport).assumingMemoryBound(to: fairlead_git_subtransport.self)
        return pointer.pointee.session.map { Unmanaged<Conversation>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func conversation(of stream: UnsafeMutablePointer<git_smart_subtransport_stream>) -> Conversation? {
        let pointer = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: fairlead_git_stream.self)
        return pointer.pointee.session.map { Unmanaged<Conversation>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func release(_ session: UnsafeMutableRawPointer?) {
        session.map { Unmanaged<Conversation>.fromOpaque($0).release() }
    }
}
