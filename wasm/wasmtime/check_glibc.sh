#!/bin/sh
# Fails if a program needs a newer glibc than Debian 12's: check_glibc.sh PROGRAM
# SPDX-License-Identifier: MIT
most=2.36
newest=$(objdump -T "$1" | grep -o 'GLIBC_2\.[0-9]*' | sort -Vu | tail -n 1)
if [ -z "$newest" ]; then
  echo "objdump finds no version of glibc that $1 needs, so nothing is known." >&2
  exit 1
fi
if [ "$(printf '%s\n' "GLIBC_$most" "$newest" | sort -V | tail -n 1)" != "GLIBC_$most" ]; then
  echo "$1 needs $newest, and Debian 12 has $most. See older_glibc.cpp. It is about:" >&2
  objdump -T "$1" | grep "$newest" >&2
  exit 1
fi
