// Network imports: what needs no network. Addresses in numbers are read; names are not known.
// SPDX-License-Identifier: MIT
#include <arpa/inet.h>

#include <charconv>
#include <cstring>

#include "../host/guest_layout.h"
#include "imports.h"
#include "program.h"

namespace heddle::host {
namespace {

bool read_address(const std::string& text, int32_t family, GuestAddress* out) {
    if (family != kInet6 && inet_pton(AF_INET, text.c_str(), out->v4) == 1) {
        out->family = kInet;
        return true;
    }
    if (family != kInet && inet_pton(AF_INET6, text.c_str(), out->v6.bytes) == 1) {
        out->family = kInet6;
        return true;
    }
    return false;
}

int32_t find_port(const std::string& service, uint16_t* port) {
    const char* end = service.data() + service.size();
    const auto [rest, error] = std::from_chars(service.data(), end, *port);
    return error == std::errc() && rest == end ? 0 : kEaiService;
}

// "localhost" is the one name that means the same everywhere.
int32_t find_node(const Memory& memory, uint32_t node, int32_t family, int32_t flags,
                  GuestAddress* out) {
    const char* loopback = family == kInet6 ? "::1" : "127.0.0.1";
    std::string name;
    if (node == 0) {
        const char* any = family == kInet6 ? "::" : "0.0.0.0";
        name = flags & kAiPassive ? any : loopback;
    } else {
        name = memory.text(node);
    }
    if (name == "localhost") name = loopback;
    return read_address(name, family, out) ? 0 : kEaiNoName;
}

// What the caller frees with freeaddrinfo(): one entry, in two pieces.
int32_t give_address(Thread& self, const GuestAddress& address, const GuestAddressInfo& hint,
                     uint32_t out) {
    const Memory& memory = self.program().memory();
    const auto copy = static_cast<uint32_t>(self.must_call("malloc", address.size()));
    const auto entry = static_cast<uint32_t>(self.must_call("malloc", sizeof(GuestAddressInfo)));
    if (copy == 0 || entry == 0) return kEaiMemory;
    memcpy(memory.bytes(copy, address.size()), &address, address.size());
    GuestAddressInfo info{};
    info.family = address.family;
    info.type = hint.type != 0 ? hint.type : hint.protocol == kUdp ? kDatagram : kStream;
    info.protocol = hint.protocol != 0 ? hint.protocol : info.type == kDatagram ? kUdp : kTcp;
    info.address_bytes = address.size();
    info.address = copy;
    memory.write(entry, info);
    memory.write(out, entry);
    return 0;
}

int32_t get_addrinfo(Thread& self, uint32_t node, uint32_t service, uint32_t hints, uint32_t out) {
    const Memory& memory = self.program().memory();
    GuestAddressInfo hint{};
    if (hints != 0) hint = memory.read<GuestAddressInfo>(hints);
    if (node == 0 && (service == 0 || hint.flags & kAiCanonName)) return kEaiNoName;
    if (hint.family != 0 && hint.family != kInet && hint.family != kInet6) return kEaiFamily;
    GuestAddress address{};
    if (int32_t error = find_node(memory, node, hint.family, hint.flags, &address)) return error;
    uint16_t port = 0;
    if (service != 0) {
        if (int32_t error = find_port(memory.text(service), &port)) return error;
    }
    address.port = htons(port);
    return give_address(self, address, hint, out);
}

int32_t get_nameinfo(Thread& self, uint32_t from, uint32_t size, uint32_t node, uint32_t node_bytes,
                     uint32_t service, uint32_t service_bytes, int32_t flags) {
    const Memory& memory = self.program().memory();
    GuestAddress address{};
    memcpy(&address, memory.bytes(from, size), std::min<size_t>(size, sizeof address));
    const bool v4 = address.family == kInet;
    if ((!v4 && address.family != kInet6) || size < address.size()) return kEaiFamily;
    if (node != 0 && node_bytes > 0) {
        if (flags & kNiNameRequired) return kEaiNoName;
        char text[INET6_ADDRSTRLEN];
        inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? address.v4 : address.v6.bytes, text, sizeof text);
        if (strlen(text) >= node_bytes) return kEaiOverflow;
        memory.write_text(node, text, node_bytes);
    }
    if (service != 0 && service_bytes > 0) {
        const std::string port = std::to_string(ntohs(address.port));
        if (port.size() >= service_bytes) return kEaiOverflow;
        memory.write_text(service, port, service_bytes);
    }
    return 0;
}

// gethostbyname() wants some address; 0 is none.
uint32_t lookup_name(Thread& self, uint32_t name) {
    GuestAddress address{};
    if (find_node(self.program().memory(), name, kInet, 0, &address) != 0) return 0;
    uint32_t number;
    memcpy(&number, address.v4, sizeof number);
    return number;
}

// No protocol has a number here but by its own one: sockets of the network do not exist.
uint32_t get_protobyname(Thread&, uint32_t) { return 0; }

}  // namespace

void add_network_imports(Imports& imports) {
    imports.add<get_addrinfo>("getaddrinfo");
    imports.add<get_nameinfo>("getnameinfo");
    imports.add<lookup_name>("_emscripten_lookup_name");
    imports.add<get_protobyname>("getprotobyname");
}

}  // namespace heddle::host
